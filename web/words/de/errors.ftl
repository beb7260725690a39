# Was schiefging, als Überschriften und Worte für Menschen; nach dem Code des Fehlers, sonst nach seiner Art.

errors-account = Wenn Sie schon ein Konto haben:
errors-home = Zur Startseite
errors-request = Wenn Sie uns schreiben, nennen Sie diese Anfrage: { $request }
errors-request-copy = Anfrage-ID
errors-about = Über dieses Problem

## Auf dem Weg herein von AWS Marketplace.
errors-arrival-too-large = Es war größer als das, was AWS Marketplace sendet. Öffnen Sie Payphone von dort aus:
errors-arrival-unsupported = Es war nicht das, was AWS Marketplace sendet. Öffnen Sie Payphone von dort aus:
errors-token-invalid = Dieser Link hat nicht funktioniert
errors-token-invalid-why = Er kam nicht von AWS Marketplace, oder er war nicht vollständig. Öffnen Sie Payphone von dort aus:
errors-token-expired = Dieser Link ist abgelaufen
errors-token-expired-why = Er gilt vier Stunden, und die sind vorbei. Ihr Abonnement ist in Ordnung, und Sie brauchen kein neues: Drücken Sie nur noch einmal { aws-set-up }.
errors-token-missing = AWS Marketplace hat nichts mitgesendet
errors-token-missing-why = Diese Adresse funktioniert nur mit dem, was AWS Marketplace mitsendet. Öffnen Sie Payphone von dort aus:
errors-foreign-product = Das ist das Abonnement eines anderen Produkts
errors-foreign-product-why = Payphone hat ein eigenes Abonnement. Beginnen Sie bei diesem:
errors-licence-missing = AWS Marketplace hat Ihre Lizenz nicht genannt
errors-licence-ended = Dieses Abonnement ist beendet
errors-licence-ended-why = Es lässt sich nicht mehr einrichten. Abonnieren Sie in AWS Marketplace erneut, um ein neues zu beginnen.
errors-marketplace-busy = AWS Marketplace ist überlastet
errors-marketplace-misconfigured = Bei uns stimmt etwas nicht
errors-marketplace-misconfigured-why = Ihr Abonnement ist in Ordnung, und wir wissen Bescheid. Versuchen Sie es später noch einmal, oder schreiben Sie uns.
errors-unauthenticated = Öffnen Sie Payphone über AWS Marketplace
errors-unauthenticated-why = Der Link ist abgelaufen (er gilt eine Stunde), oder er wurde in einem anderen Browser geöffnet. Öffnen Sie Payphone noch einmal von dort aus:
errors-method = Diese Adresse nimmt das nicht an
errors-method-why = Was gesendet wurde, gehört an eine andere Adresse, und es wurde nichts geändert. Öffnen Sie die Seite selbst und tun Sie es dort.
errors-not-a-form = Das war kein Formular

## Über Personen und das, was sie dürfen.
errors-other-tenant = Das war für ein anderes Konto
errors-other-tenant-why = Sie haben in einem anderen Tab zu einem anderen Konto gewechselt. Es wurde nichts geändert.
errors-other-tenant-again = Öffnen Sie die Seite noch einmal, in dem Konto, das Sie meinen:
errors-other-tenant-back = Zurück zu { $tenant }
errors-other-tenant-stay = Bei { $tenant } bleiben
errors-no-membership = Sie gehören hier zu keinem Konto
errors-no-membership-why = Sie haben sich angemeldet, sind aber bei keinem Payphone-Konto mehr Mitglied. Bitten Sie einen Eigentümer, Sie einzuladen, oder öffnen Sie Payphone über AWS Marketplace. Wenn Sie noch eine andere Adresse haben, melden Sie sich mit dieser an.
errors-mfa-required = Dafür braucht es einen zweiten Faktor
errors-mfa-required-why = Sie haben sich nur mit einem Passwort angemeldet. Das genügt zum Ansehen, nicht zum Ändern. Melden Sie sich mit Ihrer Authenticator-App noch einmal an und versuchen Sie es dann erneut.
errors-role = Ihre Rolle erlaubt das nicht
errors-role-why = Bitten Sie einen Eigentümer oder Admin Ihres Kontos, es zu tun oder Ihnen eine andere Rolle zu geben.
errors-role-yours = Ihre Rolle in diesem Konto ist { $role }. Bitten Sie einen Eigentümer oder Admin Ihres Kontos, es zu tun oder Ihnen eine andere Rolle zu geben.
errors-invitation-over = Diese Einladung gilt nicht mehr
errors-owners-only = Das kann nur ein Eigentümer
errors-last-owner = Der letzte Eigentümer bleibt
errors-already-member = Schon Mitglied
errors-already-invited = Schon eingeladen
errors-too-many-invitations = Zu viele offene Einladungen
errors-too-many-corrections = Das war zu oft für heute
errors-too-many-corrections-why = Dieses Formular wurde heute zehnmal gesendet. Versuchen Sie es morgen noch einmal, oder schreiben Sie dem Support.
errors-too-many-requests = Das war zu oft
errors-mailed-already = Eine E-Mail ist schon unterwegs
errors-already-signed-in = Diese Person hat schon ein Passwort
errors-already-set-up = Dieses Abonnement ist schon eingerichtet

## Über das Anmelden.
errors-wrong-state = Das war eine andere Anmeldung
errors-wrong-state-why = Sie wurde in einem anderen Tab begonnen oder war schon beendet. Dadurch wurde niemand angemeldet. Beginnen Sie von vorn:
errors-sign-in-lost = Ihre Anmeldung ging verloren
errors-sign-in-lost-why = Sie wurde in einem anderen Browser begonnen, oder Cookies sind ausgeschaltet, oder es hat zu lange gedauert. Beginnen Sie von vorn:
errors-sign-in-too-late = Das Anmelden hat zu lange gedauert
errors-sign-in-too-late-why = Es muss innerhalb einer halben Stunde abgeschlossen sein. Beginnen Sie von vorn:
errors-sign-in-not-fresh = Sie wurden nicht nach Ihrem Passwort gefragt
errors-sign-in-not-fresh-why = Was Sie tun möchten, braucht eine frische Anmeldung, und die Anmeldeseite hat Sie ohne eine durchgelassen. Beginnen Sie von vorn:
errors-sign-in-refused = Sie sind nicht angemeldet
errors-login-busy = Die Anmeldeseite antwortet nicht
errors-login-busy-why = Mit Ihrem Konto ist alles in Ordnung. Versuchen Sie es in einer Minute noch einmal:
errors-login-misconfigured = Bei uns stimmt etwas mit dem Anmelden nicht
errors-login-misconfigured-why = Wir wissen Bescheid. Versuchen Sie es später noch einmal, oder schreiben Sie uns.

## Jeder andere Code, nach seiner Art.
errors-too-large = Das war zu viel auf einmal
errors-too-large-why = Das Formular war größer, als diese Adresse annimmt. Gehen Sie zurück und senden Sie weniger.
errors-not-found = Hier ist nichts
errors-not-found-why = Vielleicht enthält die Adresse einen Tippfehler, oder was hier war, gibt es nicht mehr.
errors-malformed = Das konnten wir nicht lesen
errors-forbidden = Das ist nicht erlaubt
errors-internal = Bei uns ist etwas schiefgegangen
errors-internal-why = Versuchen Sie es noch einmal. Wenn es so bleibt, schreiben Sie uns.
errors-unavailable = Gerade nicht verfügbar
errors-too-many = Zu oft
