# Das eigene Konto: Konten, Browser, Wiederherstellungscodes, Einladungen, Hilfe beim Anmelden.

account-title = Konto
account-intro = Wer Sie hier sind, wo Sie angemeldet sind und wie Sie wieder Zugang bekommen.
account-access = Zugang verloren
account-sign-out = Abmelden
account-you = Sie
account-name = Name
account-email = E-Mail
account-signed-in = Angemeldet
account-factor = mit Authenticator-App
account-factor-none = nur mit Passwort: Sie können ansehen, nicht ändern
account-first = Erste Anmeldung
account-never = nie
account-how = Neues Passwort: Die Anmeldeseite hat dafür einen Link. Neues Telefon: Benutzen Sie einen Wiederherstellungscode, oder bitten Sie einen Eigentümer, Ihre Authenticator-App zurückzusetzen; bei der nächsten Anmeldung richten Sie die neue ein.
account-belong = Ihre Konten

account-codes = Wiederherstellungscodes
account-codes-copy = Wiederherstellungscodes
account-codes-none = keine
account-codes-left = noch { $count }
account-codes-none-means = Sie haben keine. Wenn Sie Ihre Authenticator-App verlieren, kann Ihnen nur ein anderer Eigentümer wieder Zugang geben; wo es keinen gibt, niemand.
account-codes-few-means = Es sind nur noch wenige. Mit jedem können Sie sich einmal anmelden, wenn Sie Ihre Authenticator-App verlieren.
account-codes-means = Mit jedem können Sie sich einmal anmelden, wenn Sie Ihre Authenticator-App verlieren.
account-codes-first = Wiederherstellungscodes erstellen
account-codes-new = Neue erstellen

account-browsers = Wo Sie angemeldet sind
account-browsers-list = Browser
account-browsers-caption = Ein Browser wird nach einer halben Stunde ohne Benutzung von selbst abgemeldet, spätestens aber nach zwölf Stunden.
account-browser = Browser
account-address = Adresse
account-last-seen = Zuletzt gesehen
account-action = Aktion
account-this-browser = dieser Browser
account-browser-end = { $browser } abmelden
account-browser-ended = Der Browser ist abgemeldet.
account-everywhere = Überall abmelden
account-everywhere-means = Beendet alle Anmeldungen, auch diese, und auch das, was sich die Anmeldeseite gemerkt hat.
account-browser-on = { $browser } auf { $system }
account-browser-unknown = Unbekannter Browser
account-browser-unknown-on = Unbekannter Browser auf { $system }

codes-heading = Wiederherstellungscodes erstellen?
codes-intro = { $count ->
    [0] Sie bekommen zehn. Mit jedem können Sie sich einmal anmelden, wenn Sie Ihre Authenticator-App verlieren.
    [one] Sie bekommen zehn. Der eine, den Sie noch haben, gilt dann nicht mehr.
   *[other] Sie bekommen zehn. Die { $count }, die Sie noch haben, gelten dann nicht mehr.
}
codes-question = Die Frage
codes-once = Sie werden nur einmal gezeigt, gleich danach. Halten Sie einen Passwortmanager oder einen Drucker bereit.
codes-make = Zehn Codes erstellen
codes-cancel = Abbrechen
codes-made = Bewahren Sie Ihre Wiederherstellungscodes jetzt auf
codes-made-intro = Sie werden nur dieses eine Mal gezeigt. Sie ersetzen die, die Sie vorher hatten.
codes-for = Für { $email } bei Payphone
codes-how = Jeder gilt einmal, zusammen mit Ihrem Passwort, auf { $link }. Bewahren Sie sie in einem Passwortmanager oder auf Papier auf, nicht bei der Authenticator-App.
codes-how-link = der Seite für eine verlorene Authenticator-App
codes-kept = Ich habe sie aufbewahrt

tenants-title = Konten
tenants-none = Sie gehören zu keinem Konto
tenants-none-means = Sie sind angemeldet, aber bei keinem Payphone-Konto Mitglied.
tenants-none-here = Sie gehören zu keinem Konto.
tenants-choose = Konto wählen
tenants-choose-means = Sie können jederzeit wechseln, oben auf jeder Seite.
tenants-switch = Konto wechseln
tenants-switch-means = Jedes hat eigene Personen, Schlüssel und eine eigene Nutzung.
tenants-help = Was Sie tun können
tenants-help-removed = Wenn Sie versehentlich entfernt wurden, bitten Sie einen Eigentümer, Sie wieder einzuladen.
tenants-help-subscribed = Wenn Sie gerade abonniert haben, drücken Sie in AWS Marketplace { $button }.
tenants-help-address = Wenn Sie noch eine andere Adresse haben, melden Sie sich ab und mit dieser wieder an.
tenants-yours = Ihre Konten
tenants-caption = Was Sie dürfen, hängt von Ihrer Rolle ab; sie kann in jedem Konto eine andere sein.
tenants-account = Konto
tenants-role = Ihre Rolle
tenants-since = Seit
tenants-action = Aktion
tenants-current = jetzt geöffnet
tenants-open = Öffnen
tenants-open-one = { $tenant } öffnen

invitation-title = Einladung
invitation-heading = { $tenant } beitreten
invitation-intro = Sie sind zu diesem Konto bei Payphone eingeladen.
invitation-by = Eingeladen von
invitation-role = Ihre Rolle
invitation-email = Sie melden sich an mit
invitation-until = Gültig bis
invitation-accept = Annehmen
invitation-close = Wenn Sie das nicht erwartet haben, schließen Sie die Seite: Dann geschieht nichts.
invitation-accepted = Sie gehören jetzt dazu
invitation-here = Sie sind als { $email } angemeldet. Wählen Sie das neue Konto unter Ihren Konten.
invitation-sign-in = Melden Sie sich als { $email } mit dem Passwort an, das Sie haben.
invitation-password = Ein vorläufiges Passwort an { $email } ist unterwegs. Es gilt sieben Tage. Melden Sie sich damit an; danach wählen Sie ein eigenes Passwort und richten eine Authenticator-App ein.

help-email = Ihre E-Mail-Adresse
help-email-hint = Die Adresse, mit der Sie sich anmelden.
help-code = Wiederherstellungscode
help-code-hint = Einer der zehn, die Sie aufbewahrt haben, zum Beispiel { $example }. Großschreibung und Bindestriche spielen keine Rolle.
help-back = Zurück zur Anmeldeseite
help-authenticator = Authenticator-App verloren?
help-authenticator-intro = Ein Wiederherstellungscode ersetzt sie einmal. Bei der nächsten Anmeldung richten Sie nach Ihrem Passwort eine neue Authenticator-App ein; überall sonst werden Sie abgemeldet.
help-authenticator-send = Code benutzen
help-authenticator-no-code = Kein Code zur Hand?
help-authenticator-ask = Bitten Sie einen anderen Eigentümer Ihres Kontos, oder einen Admin, wenn Sie kein Eigentümer sind: Auf der Seite Personen setzt er Ihre Authenticator-App zurück, und Sie richten eine neue ein.
help-authenticator-alone = Wenn es außer Ihnen keinen Eigentümer gibt, ist einer Ihrer Wiederherstellungscodes der Weg zurück. Sehen Sie dort nach, wo Sie Passwörter aufbewahren, auch auf Papier.
help-authenticator-write = Wenn es weder das eine noch das andere gibt, schreiben Sie uns. Wir müssen dann zuerst sicher sein, dass das Konto Ihnen gehört.
help-authenticator-done = Melden Sie sich jetzt an
help-authenticator-done-how = Wenn Adresse und Code zusammengehören, wird Ihre Authenticator-App innerhalb einer Minute entfernt, und der Code ist verbraucht. Melden Sie sich mit Ihrem Passwort an; danach werden Sie gebeten, eine neue Authenticator-App einzurichten.
help-authenticator-done-else = Wenn Sie immer noch nach einem Code der alten gefragt werden, stimmte die Adresse oder der Wiederherstellungscode nicht: Versuchen Sie es noch einmal, oder benutzen Sie einen anderen Code.
help-password = Kein vorläufiges Passwort?
help-password-intro = Wenn die E-Mail mit Ihrem vorläufigen Passwort nie ankam oder die sieben Tage vorbei sind, senden wir noch eine. Das ist nur für Personen, die sich noch nie angemeldet haben.
help-password-send = Erneut senden
help-password-known = Schon einmal angemeldet? Die Anmeldeseite hat einen Link für ein vergessenes Passwort.
help-password-lost = Authenticator-App verloren? { $link }.
help-password-done = Sehen Sie in Ihr E-Mail-Postfach
help-password-done-how = Wenn sich jemand mit dieser Adresse noch nie angemeldet hat, ist ein neues vorläufiges Passwort unterwegs. Das vorige gilt dann nicht mehr.
help-password-done-else = Nach zwei Minuten noch nichts? Sehen Sie im Spam-Ordner nach. Wenn Sie sich schon einmal angemeldet haben, hat die Anmeldeseite einen Link für ein vergessenes Passwort.

again-sensitive = Melden Sie sich dafür noch einmal an
again-sensitive-why = Damit bekommt jemand Zugang, oder es ändert sich, wie sich Personen anmelden. Darum fragen wir, wer Sie sind, wenn Ihre Anmeldung mehr als fünf Minuten zurückliegt. Es hat sich noch nichts geändert; was Sie eingegeben haben, wartet im Formular auf Sie.
again-signed-out = Sie sind abgemeldet
again-signed-out-why = Dieser Browser wurde hier in der letzten halben Stunde nicht benutzt, oder die Sitzung wurde beendet. Es hat sich nichts geändert. Melden Sie sich an und senden Sie das Formular dann noch einmal: Was Sie eingegeben haben, bleibt nach Möglichkeit stehen.
