# Der Weg hinein: von AWS Marketplace bis zur ersten Anmeldung.

## Wörter von AWS' eigenen Seiten, wie sie dort stehen; die deutsche Konsole von AWS zeigt diese Knöpfe englisch.
aws-set-up = Set up your account
aws-manage = Manage subscriptions

landing-title = Konto einrichten
landing-heading = Payphone beginnt in AWS Marketplace
landing-what = Payphone nimmt Kartenzahlungen am Telefon für Amazon Connect entgegen. Konten entstehen durch ein Abonnement in AWS Marketplace; hier ist nichts auszufüllen.
landing-subscribed = Wenn Sie abonniert haben

set-up-again-open = Öffnen Sie in der AWS-Konsole AWS Marketplace und wählen Sie { $manage }.
set-up-again-choose = Wählen Sie { $product }.
set-up-again-press = Drücken Sie { $button }. Das führt immer zum selben Konto, so oft Sie drücken.

subscription-account = AWS-Konto mit der Endung { $digits }
subscription-usage = AWS-Konto mit der Endung { $digits }, nach Nutzung
subscription-contract = AWS-Konto mit der Endung { $digits }, Vertrag

welcome-title = Willkommen
welcome-heading = Ihr Abonnement ist da
welcome-intro = { $subscription }. Füllen Sie zwei Felder aus; dann kommt eine E-Mail mit Ihrem Zugang.
welcome-create = Konto anlegen
welcome-next = So geht es weiter
welcome-next-mail = Sie bekommen per E-Mail ein vorläufiges Passwort, das sieben Tage gilt, oder, wenn Ihre Adresse hier schon bekannt ist, einen Link zum Annehmen.
welcome-next-sign-in = Sie melden sich an; beim ersten Mal wählen Sie ein eigenes Passwort und richten eine Authenticator-App ein.
welcome-next-meanwhile = Währenddessen bestätigt AWS das Abonnement, und wir erzeugen Ihr Testschlüsselpaar.
welcome-known = Schon eingerichtet? { $link }. Sie kommen später wieder? Drücken Sie in AWS Marketplace noch einmal { $button }: Das öffnet dasselbe Konto.
welcome-email = Geschäftliche E-Mail-Adresse
welcome-email-hint = Damit meldet sich der erste Eigentümer an. Wir schreiben dorthin nur über dieses Konto.
welcome-name = Ihr Name
welcome-name-hint = Unter diesem Namen sehen andere Sie hier.

named-title = Sehen Sie in Ihr E-Mail-Postfach
named-trouble = Es gibt ein Problem
named-not-sent = Die E-Mail an { $email } ist noch nicht unterwegs. Sie wird von selbst gesendet, sobald das Problem behoben ist.
named-sent = Eine E-Mail an { $email } ist unterwegs. Darin steht ein vorläufiges Passwort, das sieben Tage gilt, oder, wenn diese Adresse hier schon bekannt ist, ein Link zum Annehmen.
named-then = Melden Sie sich mit dem vorläufigen Passwort an; danach wählen Sie ein eigenes und richten eine Authenticator-App ein.
named-signed-in = Dieser Browser ist schon angemeldet. Wenn Sie das sind, öffnen Sie zuerst den Link in der E-Mail; danach { $link }.
named-signed-in-link = wählen Sie dieses Konto
named-meanwhile = Währenddessen
named-good-for = Diese Seite gilt eine Stunde. Drücken Sie danach in AWS Marketplace noch einmal { $button }: Das öffnet dasselbe Konto.
named-no-mail = Keine E-Mail bekommen? Sehen Sie zuerst im Spam-Ordner nach.
named-again = Erneut senden
named-wrong = Falsche Adresse? Korrigieren
named-wrong-means = Der Zugang mit der alten Adresse wird entfernt, und die neue bekommt eine E-Mail.
named-correct = Speichern und E-Mail senden
named-leave = Nicht ändern

entered-title = Schon eingerichtet
entered-heading = Dieses Abonnement ist eingerichtet
entered-what = Jemand hat sich schon bei diesem Konto angemeldet. Um ebenfalls Zugang zu bekommen, lassen Sie sich von einem Eigentümer oder Admin einladen.
entered-open = Konsole öffnen

choice-title = Noch ein Abonnement
choice-heading = Wohin gehört dieses Abonnement?
choice-what = Es ist das Abonnement von { $account }. Sie sind angemeldet als { $email }. Wenn Sie dieses AWS-Konto nicht kennen, schließen Sie diese Seite: Es hat sich nichts geändert.
choice-into = Dieses Abonnement in { $tenant } aufnehmen
choice-into-means = Seine Nutzung wird dann diesem AWS-Konto berechnet und neben dem gezeigt, was Sie schon haben. Es lässt sich nicht wieder herauslösen.
choice-own = Als eigenes Konto einrichten
choice-own-means = Mit eigenem Eigentümer, eigenen Schlüsseln und eigenen Personen.

ended-title = Abonnement beendet
ended-heading = Ihr Abonnement ist beendet
ended-look = Anmelden und Konto ansehen
ended-at = AWS Marketplace nennt als Ende { $at }. Das bedeutet es:
ended-usage = Nutzung wird nicht mehr angenommen: Meldungen werden abgewiesen.
ended-last-hours = Die letzten Stunden gehen noch an AWS und kommen auf die letzte Rechnung.
ended-data = Ihre Daten bleiben lesbar.
ended-anew = Um Payphone wieder zu nutzen, abonnieren Sie es erneut in AWS Marketplace und drücken Sie dort { $button }. Ein neues Abonnement beginnt ein neues Konto, oder ein Eigentümer nimmt es in dieses auf.

sign-in = Anmelden
sign-in-forgot = Passwort vergessen? Die Anmeldeseite hat dafür einen Link.
sign-in-lost = Authenticator-App verloren? { $link }, oder bitten Sie einen Eigentümer Ihres Kontos, sie zurückzusetzen.
sign-in-lost-link = Wiederherstellungscode benutzen
sign-in-no-mail = Keine E-Mail mit einem vorläufigen Passwort bekommen, oder ist es abgelaufen? { $link }.
sign-in-no-mail-link = Erneut senden lassen

signed-out-title = Abgemeldet
signed-out-heading = Sie sind abgemeldet
signed-out-what = Die Anmeldeseite kennt Sie vielleicht noch bis zu einer Stunde. An einem Rechner, den andere benutzen, melden Sie sich auch dort ab.
signed-out-there = Auch dort abmelden
signed-out-again = Wieder anmelden
