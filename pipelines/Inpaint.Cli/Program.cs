System.Console.WriteLine("inpaint");
