# Nutzung: das Diagramm, die Stunden, ihre Geschichten, die erwartete Rechnung.

usage-title = Nutzung
usage-what = Was genutzt wurde und was AWS angenommen hat, Stunde für Stunde.
usage-what-test = Was im Testmodus ausprobiert wurde, Stunde für Stunde. Bei AWS steht es ohne Preis.
usage-billed = So wird abgerechnet
usage-refresh = Aktualisieren
usage-ended = Nutzung wird nicht mehr angenommen; die letzten Stunden gehen noch an AWS.
usage-bad-filter = Die Adresse nennt für „{ $name }“ etwas, das es nicht gibt. Öffnen Sie die Nutzung noch einmal und wählen Sie aus den Listen.

usage-dimension = Dimension
usage-quantity = Menge
usage-state = Status
usage-units = Einheiten
usage-month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}

## Die Zahlen oben.
usage-tile-used = In dieser Stunde genutzt
usage-tile-counting = Einheiten seit { $start } UTC, die Zählung läuft
usage-tile-last = Einheiten seit { $start } UTC, in der letzten Stunde
usage-tile-none = es wird keine Nutzung mehr angenommen
usage-tile-accepted = Von AWS angenommen, 7 Tage
usage-tile-records = { $count ->
    [one] Einheiten in { $count } Datensatz
   *[other] Einheiten in { $count } Datensätzen
}
usage-tile-waiting = Noch nicht angenommen
usage-tile-settled = jede abgelaufene Stunde ist geklärt
usage-tile-soon = { $count ->
    [one] Einheiten in { $count } Datensatz, in wenigen Minuten gesendet
   *[other] Einheiten in { $count } Datensätzen, in wenigen Minuten gesendet
}
usage-tile-not-taken = Von AWS nicht angenommen, 7 Tage
usage-tile-nothing = nichts verspätet, nichts abgewiesen
usage-tile-not-billed = { $count ->
    [one] Einheiten in { $count } Datensatz, nicht abgerechnet
   *[other] Einheiten in { $count } Datensätzen, nicht abgerechnet
}
usage-tile-looked-into = { $count ->
    [one] Einheiten in { $count } Datensatz; { $some } davon untersuchen wir
   *[other] Einheiten in { $count } Datensätzen; { $some } davon untersuchen wir
}

## Das Diagramm.
usage-chart-heading = { $what } { $hours ->
    [1] je Stunde
    [6] je sechs Stunden
   *[24] je Tag
}
usage-chart-as-of = Nach ihrem Status bei AWS, Stand { $at }
usage-chart-range = Zeitraum
usage-chart-48-hours = 48 Stunden
usage-chart-7-days = 7 Tage
usage-chart-30-days = 30 Tage
usage-chart-accepted = angenommen
usage-chart-contract = im Vertrag enthalten
usage-chart-on-its-way = unterwegs
usage-chart-open = offen
usage-chart-not-taken = nicht angenommen
usage-chart-stretch = { $hours ->
    [1] Stunde (UTC)
    [6] Sechs Stunden (UTC)
   *[24] Tag (UTC)
}
usage-chart-bar = { $from }–{ $until }
usage-chart-says = { $what } { $hours ->
    [1] je Stunde
    [6] je sechs Stunden
   *[24] je Tag
}, von { $from } bis { $until } UTC: { $sums }.
usage-chart-most = Am meisten: { $bar } mit { $count }.
usage-chart-empty = Von { $from } bis { $until } UTC wurde nichts genutzt.

## Die erwartete Rechnung.
usage-bill-month = { $month } { $year }
usage-bill-heading = Erwartete Rechnung, { $month }
usage-bill-heading-no-prices = Auf der Rechnung für { $month }
usage-bill-included = { $count ->
    [one] { $count } Einheit ist in Ihrem Vertrag enthalten und wird nur darüber abgerechnet.
   *[other] { $count } Einheiten sind in Ihrem Vertrag enthalten und werden nur darüber abgerechnet.
}
usage-bill-trial = Sie haben eine kostenlose Testphase. Solange sie läuft, berechnet AWS für die Nutzung nichts, und die Rechnung ist kleiner als dieser Betrag. Den letzten Tag nennt { $link }.
usage-bill-terms = Erwartet zum öffentlichen Listenpreis, vor Rabatten und Steuern. Ein privates Angebot hat eigene Preise, und AWS rechnet nach diesen ab: { $offer } nennt sie.
usage-bill-terms-no-prices = AWS rechnet zum Preis Ihres Angebots ab, den Payphone nicht erfährt. { $offer } nennt ihn.
usage-bill-offer = Ihr Angebot in AWS Marketplace
usage-bill-table = Erwartete Rechnung
usage-bill-caption = Stunden dieses Monats (UTC). Eine noch offene Stunde ist nicht dabei.
usage-bill-accepted = Angenommen
usage-bill-accepted-by = Von AWS angenommen
usage-bill-on-its-way = Unterwegs
usage-bill-price = Listenpreis
usage-bill-expected = Erwartet
usage-bill-together = Zusammen
usage-bill-no-price = keiner
usage-bill-not-known = unbekannt

## Die Tabelle der Stunden.
usage-hours = Stunden
usage-hours-csv = Alle diese Stunden exportieren (CSV)
usage-states = Was die Zustände bedeuten
usage-means-open = Wird noch gezählt.
usage-means-sealed = Abgeschlossen, noch nicht gesendet.
usage-means-sending = Gesendet; die Antwort von AWS ist noch nicht bekannt.
usage-means-accepted = AWS hat es und berechnet es.
usage-means-included = In Ihrem Vertrag enthalten: gezählt und angezeigt, nicht gesendet.
usage-means-not-subscribed = AWS sagt, dass es keine aktive Vereinbarung gibt. Es wird nicht berechnet.
usage-means-expired = Die Frist von AWS war vorbei, bevor es angenommen wurde. Es wird nicht berechnet.
usage-means-conflict = AWS hat für diese Stunde eine andere Menge. Wir gehen dem nach.
usage-means-rejected = AWS lehnt genau diesen Eintrag ab. Wir gehen dem nach.
usage-means-held = AWS hat etwas geantwortet, das wir nicht kennen. Wir gehen dem nach.
usage-hours-all-states = Jeder Status
usage-hours-all-dimensions = Alle Dimensionen
usage-hours-caption-newest = Neueste zuerst. Eine versiegelte Stunde ändert sich nie; verspätete Nutzung kommt in die nächste offene Stunde. Jede Stunde führt zu ihrer Geschichte.
usage-hours-caption-oldest = Älteste zuerst. Eine versiegelte Stunde ändert sich nie; verspätete Nutzung kommt in die nächste offene Stunde. Jede Stunde führt zu ihrer Geschichte.
usage-hours-hour = Stunde (UTC)
usage-hours-aws-record = Datensatz bei AWS
usage-hours-attempts = Versuche
usage-hours-changed = Geändert
usage-hours-changed-utc = Geändert (UTC)
usage-hours-pages = Seiten
usage-hours-newest = Neueste
usage-hours-older = Ältere
usage-hours-oldest = Älteste
usage-hours-newer = Neuere
usage-hours-no-match = Keine Stunde passt dazu. { $all }.
usage-hours-no-match-all = Alle Stunden anzeigen
usage-hours-none-ended = Es wurde keine Stunde gezählt.
usage-hours-none = Noch wurde keine Stunde gezählt. Die erste erscheint mit dem ersten Nutzungsereignis oder wenn die erste Stunde des Abonnements vorbei ist.
usage-hours-none-test = Noch wurde nichts ausprobiert. Die erste Stunde erscheint mit dem ersten Nutzungsereignis unter einem Testschlüssel.

usage-state-open = offen
usage-state-sealed = versiegelt
usage-state-sending = wird gesendet
usage-state-accepted = angenommen
usage-state-not-subscribed = kein Abonnement
usage-state-expired = zu spät für AWS
usage-state-conflict = Widerspruch
usage-state-rejected = von AWS abgewiesen
usage-state-held = angehalten
usage-state-included = im Vertrag enthalten
usage-state-nothing-lost = In dieser Stunde wurde nichts genutzt, es ist also nichts zu tun.

## Wie das erste Ereignis gesendet wird.
usage-example = Nutzungsereignis senden
usage-example-how = Fügen Sie dies in ein Terminal ein. Es zählt eine Zahlung; auch zweimal eingefügt zählt derselbe Text nur eine. { $variable } muss einen API-Schlüssel mit der Berechtigung { $scope } enthalten; { $make }, wenn Sie keinen haben.
usage-example-make = erstellen Sie einen
usage-example-command = Befehl

## Die Geschichte einer Stunde.
usage-record-title = Stunde
usage-record-back = Zurück zur Nutzung
usage-record-heading = { $day }. { $month } { $year }, { $from } bis { $until } UTC
usage-record-what = { $what } in dieser Stunde
usage-record-states = Status einer Stunde
usage-record-happened = Was geschah
usage-record-facts = Der Datensatz
usage-record-hour = Stunde
usage-record-aws = Datensatz bei AWS
usage-record-aws-none = keiner
usage-record-aws-none-yet = noch keiner
usage-record-ours = Datensatz bei uns
usage-record-licence = Lizenz
usage-record-changed = Letzte Änderung

usage-made-of = Woraus sie besteht
usage-made-of-caption = Nutzungsereignisse, die in dieser Stunde abgerechnet werden, nach ihrer Art.
usage-made-of-type = Art
usage-made-of-events = Ereignisse
usage-made-of-late = Verspätet
usage-made-of-of-them-late = Davon verspätet

usage-sendings = Sendungen
usage-sendings-all = Jede wird aufgeschrieben, bevor sie hinausgeht.
usage-sendings-last = Die letzten { $most }, ohne die { $count } davor.
usage-sendings-number = Nr.
usage-sendings-sent = Gesendet (UTC)
usage-sendings-answered = Beantwortet
usage-sendings-answered-utc = Beantwortet (UTC)
usage-sendings-answer = Antwort
usage-sendings-no-answer = keine Antwort

usage-story-counted = Gezählt
usage-story-nothing = Es wurde nichts genutzt.
usage-story-units = { $count ->
    [one] { $count } Einheit.
   *[other] { $count } Einheiten.
}
usage-story-units-in-events = { $count ->
    [one] { $count } Einheit
   *[other] { $count } Einheiten
} in { $events ->
    [one] { $events } Ereignis
   *[other] { $events } Ereignissen
}.
usage-story-late = { $count ->
    [one] { $count } Einheit kam zu spät für eine frühere Stunde, die schon versiegelt war.
   *[other] { $count } Einheiten kamen zu spät für eine frühere Stunde, die schon versiegelt war.
}
usage-story-still-counting = Es wird noch gezählt.
usage-story-sealed = Versiegelt
usage-story-sealed-later = Einige Minuten nach dem Ende der Stunde. Danach ändert sich ihre Menge nie mehr.
usage-story-sealed-done = Von da an hat sich ihre Menge nie geändert.
usage-story-sealed-not-kept = Sie ist abgeschlossen. Wann sie versiegelt wurde, ist nicht aufgezeichnet.
usage-story-included = Im Vertrag enthalten
usage-story-included-means = Ihr Vertrag deckt diese Einheiten: Sie werden gezählt und gezeigt, und AWS erfährt nichts davon.
usage-story-sent = An AWS gesendet
usage-story-sent-soon = Sie wird in wenigen Minuten gesendet.
usage-story-sent-never = Sie wurde nie gesendet.
usage-story-sent-later = Sie wird gesendet, sobald sie versiegelt ist.
usage-story-sent-once = Einmal.
usage-story-sent-times = { $count } Mal, immer derselbe Datensatz: AWS zählt ihn einmal. Das erste Mal:
usage-story-accepted = Von AWS angenommen
usage-story-answer = Antwort von AWS
usage-story-answer-until = AWS nimmt sie bis { $until } UTC an.
usage-story-answer-accepted = AWS hat sie und rechnet sie zum Preis Ihres Angebots ab.
usage-story-answer-open = Die Antwort von AWS ist noch nicht bekannt. Derselbe Datensatz wird gesendet, bis sie da ist.
usage-story-answer-ended = Ausgang: { $state }.
