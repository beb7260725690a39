# Schlüsselpaare und API-Schlüssel.

keys-title = Schlüssel
keys-intro = Damit verschlüsselt Amazon Connect die Kartenziffern. Zwei Schlüssel haben dort zugleich Platz; so lässt sich einer wechseln, ohne dass ein Anruf verloren geht.
keys-docs = Amazon Connect verbinden
keys-refresh = Aktualisieren
keys-ended = Diese Schlüssel sind nicht mehr in Gebrauch.
keys-slot-a = Platz A
keys-slot-b = Platz B
keys-in-use = in Gebrauch
keys-being-replaced = wird ersetzt
keys-being-made = wird erzeugt
keys-free = frei
keys-over = nicht mehr in Gebrauch
keys-empty = leer
keys-being-made-wait = Ihr Schlüsselpaar wird erzeugt. Das dauert einige Sekunden; die Seite aktualisiert sich von selbst.
keys-over-none = Hier ist kein Schlüssel.
keys-free-until = Bleibt frei, bis Sie den Schlüssel wechseln. Der alte bleibt dann, bis der letzte Anruf beendet ist, der ihn braucht.
keys-none-live = Sie haben noch kein Live-Schlüsselpaar: Echte Karten werden erst angenommen, wenn Sie live gehen. Ihre Testschlüssel sind unter Test.
keys-id = Schlüssel-ID
keys-fingerprint = Fingerabdruck
keys-type = Typ
keys-connect-id = Schlüssel-ID in Connect
keys-connect-id-unknown = noch nicht bekannt
keys-from = ab { $at }
keys-until = { $days ->
    [one] bis { $at } (1 Tag)
   *[other] bis { $at } ({ $days } Tage)
}
keys-until-over = bis { $at } (abgelaufen)
keys-last-used = Zuletzt benutzt
keys-never = nie
keys-public = Öffentlicher Schlüssel
keys-public-length = { $length } von { $most } Zeichen
keys-public-download = Öffentlichen Schlüssel herunterladen
keys-public-where = Für die Instanz: Konsole von Amazon Connect → Ihre Instanz → Flows → Flow security keys → Add key. Amazon Connect zeigt danach die ID des Schlüssels; auch der Flow braucht sie.
keys-certificate = Zertifikat
keys-certificate-download = Zertifikat herunterladen
keys-certificate-where = Für den Flow: Wählen Sie im Block { $block } Encrypt entry, und fügen Sie das Zertifikat und die ID des Schlüssels aus Amazon Connect ein.
keys-public-show = Öffentlichen Schlüssel anzeigen
keys-certificate-show = Zertifikat anzeigen
keys-public-copy = Öffentlichen Schlüssel
keys-certificate-copy = Zertifikat
keys-id-copy = Schlüssel-ID
keys-fingerprint-copy = Fingerabdruck

## Ein Zertifikat, um das sich jemand kümmern muss.
keys-certificate-ends = { $mode ->
    [test] Das Zertifikat Ihres Testschlüssels endet am { $day }
   *[live] Das Zertifikat Ihres Live-Schlüssels endet am { $day }
}
keys-certificate-ended = { $mode ->
    [test] Das Zertifikat Ihres Testschlüssels endete am { $day }
   *[live] Das Zertifikat Ihres Live-Schlüssels endete am { $day }
}
keys-certificate-ending = Zertifikat läuft bald ab
keys-certificate-over = Zertifikat abgelaufen
keys-certificate-ending-do = Amazon Connect verlangt ein gültiges Zertifikat. Schreiben Sie an { $support }, um ein neues Schlüsselpaar zu erhalten, und tragen Sie dessen Zertifikat vor diesem Tag in Ihre Flows ein.
keys-certificate-over-do = Amazon Connect kann die Verschlüsselung damit verweigern. Schreiben Sie an { $support }, um ein neues Schlüsselpaar zu erhalten, und tragen Sie dessen Zertifikat in Ihre Flows ein.

api-keys-title = API-Schlüssel
api-keys-intro = Damit weisen sich Ihre Integrationen aus. Wir speichern von jedem nur einen Fingerabdruck, nie den Schlüssel.
api-keys-docs = API-Schlüssel und Scopes
api-keys-ended = Unter keinem Schlüssel wird noch Nutzung angenommen, und es lassen sich keine neuen erstellen.
api-keys-yours-test = Ihre Testschlüssel
api-keys-yours-live = Ihre Live-Schlüssel
api-keys-none = Es gibt keinen Testschlüssel.
api-keys-none-yet = Es gibt noch keinen Testschlüssel. Erstellen Sie unten den ersten.
api-keys-none-live = Es gibt keinen Live-Schlüssel.
api-keys-none-live-yet = Es gibt noch keinen Live-Schlüssel. Erstellen Sie unten den ersten, sobald Ihre Testanrufe funktionieren.
api-keys-none-like-that = Keine Treffer.
api-keys-show-all = Alle anzeigen
api-keys-any = Alle
api-keys-used = In Gebrauch
api-keys-revoked = Widerrufen
api-keys-newest = Neueste zuerst. Ein widerrufener Schlüssel bleibt in der Liste und wird abgewiesen.
api-keys-oldest = Älteste zuerst. Ein widerrufener Schlüssel bleibt in der Liste und wird abgewiesen.
api-keys-by-name = Nach Name. Ein widerrufener Schlüssel bleibt in der Liste und wird abgewiesen.
api-keys-name = Name
api-keys-mode = Modus
api-keys-begins = Beginnt mit
api-keys-may = Darf
api-keys-made = Erstellt
api-keys-last-used = Zuletzt benutzt
api-keys-never = nie
api-keys-state = Status
api-keys-in-use = in Gebrauch
api-keys-revoked-at = Widerrufen { $at }
api-keys-action = Aktion
api-keys-choose = Auswählen
api-keys-choose-which = { $name } auswählen
api-keys-revoke-chosen = Ausgewählte widerrufen …
api-keys-revoke-chosen-hint = Sie werden noch einmal gefragt, bevor etwas geschieht.

## Was eben getan wurde.
api-keys-done-nothing = Kein Schlüssel in Gebrauch war ausgewählt; es wurde nichts widerrufen.
api-keys-done-revoked = { $more ->
    [0] „{ $name }“ ist widerrufen. Darunter wird nichts mehr angenommen.
    [one] „{ $name }“ und ein weiterer sind widerrufen. Darunter wird nichts mehr angenommen.
   *[other] „{ $name }“ und { $more } weitere sind widerrufen. Darunter wird nichts mehr angenommen.
}

## Einen erstellen.
api-keys-make = API-Schlüssel erstellen
api-keys-make-name-hint = Wer ihn benutzen wird, etwa „Abrechnungsserver“.
api-keys-make-test = Das ergibt einen Testschlüssel zum Ausprobieren: Nutzung im Testmodus wird ohne Preis aufgeführt. Für einen Live-Schlüssel wählen Sie oben Live.
api-keys-make-live = Das ergibt einen Live-Schlüssel: Was er sendet, zählt für Ihre AWS-Rechnung. Für einen Testschlüssel wählen Sie oben Test.
api-keys-make-test-button = Testschlüssel erstellen
api-keys-make-live-button = Live-Schlüssel erstellen
api-keys-make-mode-missing = Wählen Sie Test oder Live.
api-keys-make-scopes = Was er darf
api-keys-scope-usage-write = Nutzung melden.
api-keys-scope-usage-read = Nutzung lesen, und was AWS angenommen hat.
api-keys-scope-capture = Karten aus einem Anruf erfassen: die Lambda-Funktion für Amazon Connect (für eine spätere Version).
api-keys-scope-payments-read = Zahlungen lesen (für eine spätere Version).
api-keys-scope-payments-write = Zahlungen erstatten, einziehen und stornieren (für eine spätere Version).
api-keys-scope-admin-read = Alles lesen, was ein Admin lesen kann.
api-keys-new = Neuer API-Schlüssel
api-keys-new-copy = Kopieren Sie jetzt Ihren API-Schlüssel
api-keys-new-once = Er wird nur dieses eine Mal gezeigt. Geht er verloren, widerrufen Sie ihn und erstellen Sie einen neuen.
api-keys-new-docs = Nutzung melden
api-keys-new-secret = API-Schlüssel
api-keys-new-test = Dies ist ein Testschlüssel: Die Nutzung, die er meldet, wird ohne Preis aufgeführt.
api-keys-new-live = Dies ist ein Live-Schlüssel: Die Nutzung, die er meldet, zählt für Ihre AWS-Rechnung.
api-keys-new-copied = Ich habe ihn kopiert
api-keys-try = Ausprobieren
api-keys-try-how = Fügen Sie dies in ein Terminal ein. Es sendet ein Nutzungsereignis; die Antwort sagt { $accepted }, und unter { $usage } ist es zu sehen.
api-keys-try-usage = Nutzung
api-keys-try-command = Befehl

## Die Fragen vor dem Widerrufen.
api-keys-revoke = Widerrufen
api-keys-revoke-which = { $name } widerrufen
api-keys-revoke-title = API-Schlüssel widerrufen
api-keys-revoke-question = „{ $name }“ widerrufen?
api-keys-revoke-means = Was diesen Schlüssel benutzt, wird ab diesem Moment abgewiesen. Das lässt sich nicht rückgängig machen.
api-keys-revoke-docs = Einen Schlüssel ohne Lücke wechseln
api-keys-revoke-about = Der Schlüssel
api-keys-revoke-yes = Schlüssel widerrufen
api-keys-revoke-no = Behalten
api-keys-several-title = API-Schlüssel widerrufen
api-keys-several-question = { $count ->
    [one] Einen Schlüssel widerrufen?
   *[other] { $count } Schlüssel widerrufen?
}
api-keys-several-means = Was diese Schlüssel benutzt, wird ab diesem Moment abgewiesen. Das lässt sich nicht rückgängig machen.
api-keys-several-about = Die ausgewählten Schlüssel
api-keys-several-all = Alle oder keiner.
api-keys-several-yes = Alle widerrufen
api-keys-several-no = Behalten
