# Das eigene Konto: Mandanten, Browser, Wiederherstellungscodes, Einladungen, Hilfe beim Anmelden.
