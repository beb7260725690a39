# Das Abonnement.

subscription-title = Abonnement
subscription-what = Was in AWS Marketplace gekauft wurde. Die Rechnung stellt AWS; es gelten die Preise des Angebots, das dort angenommen wurde.
subscription-docs = Wie abgerechnet wird
subscription-see-usage = Nutzung ansehen
subscription-ended = Nutzung wird nicht mehr angenommen; die letzten Stunden gehen noch an AWS.
subscription-costs = Was es kostet
subscription-question = Frage zu einer Rechnung oder Erstattung
subscription-question-answer = Jede an AWS gemeldete Stunde steht auf der Seite Nutzung, mit dem Datensatz von AWS dazu. Wenn eine falsch aussieht, schreiben Sie an { $support } und nennen Sie die Stunde und die Vereinbarung: Erstattungen laufen über AWS und erscheinen auf der nächsten Rechnung von AWS.

## Eine Lizenz.
subscription-licence-waiting = wartet auf AWS
subscription-licence-in-force = in Kraft
subscription-licence-ended = beendet
subscription-by-usage = Nach Nutzung
subscription-by-usage-means = Stundenweise: AWS erfährt nach jeder Stunde, was darin genutzt wurde.
subscription-by-contract = Vertrag
subscription-by-contract-means = Für eine Laufzeit im Voraus bezahlt. Was genutzt wird, wird gezählt und gezeigt, und nichts davon stundenweise abgerechnet.
subscription-not-said = Abonnement
subscription-not-said-means = AWS hat noch nicht mitgeteilt, wie es bezahlt wird. Das dauert nach dem Kauf einige Minuten.
subscription-facts-since = In Kraft seit
subscription-facts-ended = Beendet
subscription-facts-agreement = Vereinbarung
subscription-facts-account = AWS-Konto
subscription-facts-account-ending = mit der Endung { $digits }
subscription-facts-licence = Lizenz-ID
subscription-facts-arn = Lizenz-ARN
subscription-arn-copy = Lizenz-ARN
subscription-facts-product = Produktcode
subscription-trial = Kostenlose Testphase
subscription-trial-means = Es begann mit einer. Solange sie läuft, berechnet AWS für die Nutzung nichts; danach gelten von selbst die Preise des Angebots. Den letzten Tag nennt { $link }.
subscription-entitled = Berechtigt zu
subscription-entitled-at = Laut AWS am { $at }
subscription-entitled-again = Laden Sie die Seite neu, um noch einmal zu fragen.
subscription-entitled-to-nothing = Zurzeit nichts, was AWS nennt.
subscription-entitlement = { $dimension }: { $value }
subscription-entitlement-until = { $dimension }: { $value }, mindestens bis { $at }; ein Vertrag, der sich verlängert, läuft weiter

## Was der Monat davon hat.
subscription-used = Genutzt im { $month }
subscription-used-payments = { $count ->
    [one] { $count } Zahlung
   *[other] { $count } Zahlungen
}
subscription-used-captures = { $count ->
    [one] { $count } Erfassung
   *[other] { $count } Erfassungen
}
subscription-used-test-payments = { $count ->
    [one] { $count } Testzahlung
   *[other] { $count } Testzahlungen
}
subscription-used-at = { $units } zu je { $price }
subscription-used-included = { $count ->
    [one] { $count } Einheit im Vertrag enthalten
   *[other] { $count } Einheiten im Vertrag enthalten
}
subscription-expected = Bisher erwartet
subscription-expected-trial = { $amount } zum Listenpreis, und nichts für das, was in die kostenlose Testphase fällt
subscription-expected-means = { $amount }, vor Rabatten und Steuern

## Was fragt, wer ans Kündigen denkt.
subscription-cancel = Kündigen
subscription-cancel-open = Öffnen Sie in der AWS-Konsole AWS Marketplace, und zwar in dem Konto, das abonniert hat, und wählen Sie { $link }.
subscription-cancel-choose = Wählen Sie Payphone, dann „Actions“, dann „Cancel subscription“. Ein Vertrag wird nicht gekündigt: Schalten Sie dort die automatische Verlängerung aus, dann endet er mit seiner Laufzeit.
subscription-cancel-then = AWS teilt es uns in wenigen Minuten mit, und diese Seite zeigt es.
subscription-ends = Was wann endet
subscription-ends-at-once = Sofort
subscription-ends-at-once-means = Es wird keine Nutzung mehr angenommen, und neue API-Schlüssel gibt es nicht mehr.
subscription-ends-hour = Innerhalb der Stunde
subscription-ends-hour-means = Was vor dem Ende genutzt wurde, geht an AWS, für die letzte Rechnung.
subscription-ends-later = Später
subscription-ends-later-means = Sie können sich weiter anmelden und alles lesen und exportieren. Ein erneutes Abonnement gibt Ihnen eine neue Lizenz, die Sie in dieses Konto aufnehmen können.
