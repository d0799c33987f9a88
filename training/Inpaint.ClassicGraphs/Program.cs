System.Console.WriteLine("graphs");
