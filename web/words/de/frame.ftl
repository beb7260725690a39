# Was um jede Seite herum steht.

frame-skip = Zum Inhalt springen
frame-help = Hilfe nötig? Schreiben Sie an { $support }.
frame-language = Sprache
frame-errors = { $count ->
    [0] Das hat nicht geklappt
    [one] Bitte prüfen Sie ein Feld
   *[other] Bitte prüfen Sie einige Felder
}
frame-main = Hauptmenü
frame-test-mode = Testmodus
frame-live-mode = Live-Modus
frame-switch = Wechseln zu
frame-switch-to = Wechseln zu { $name }
frame-all-accounts = Alle Ihre Konten
frame-operator = Betreiber
frame-sign-out = Abmelden
frame-aws-account = AWS-Konto mit der Endung { $digits }, Konto …{ $tenant }
frame-people-only = Die Seiten sind für Personen, die sich anmelden. Senden Sie API-Anfragen an /api/v1.
frame-bad-filter = Die Adresse fragt nach etwas, das es nicht gibt. Öffnen Sie die Liste noch einmal über das Menü.

## Das Menü.
frame-start = Start
frame-home = Startseite
frame-overview = Übersicht
frame-set-up = Einrichtung
frame-customers = Alle Kunden
frame-registrations = Registrierungen
frame-tenants = Konten
frame-events = Ereignisse
frame-jobs = Jobs
frame-connect = Amazon Connect
frame-keys = Schlüssel
frame-billing = Abrechnung
frame-usage = Nutzung
frame-subscription = Abonnement
frame-account = Konto
frame-people = Personen
frame-api-keys = API-Schlüssel
frame-activity = Protokoll
frame-choose-account = Konto auswählen
frame-help-group = Hilfe
frame-docs = Dokumentation
