System.Console.WriteLine("tidings");
