ExistingService.Service.Create(args).Run();
