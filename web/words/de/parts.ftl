# Was die kleinen Teile einer Seite von sich aus sagen.

parts-chart-table = Als Tabelle anzeigen
parts-chart-figures = Die Zahlen des Diagramms
parts-chart-together = zusammen
parts-close = Schließen
parts-crumbs = Navigationspfad
parts-ended = { $ended } ({ $at }). { $meaning } { $more }
parts-ended-what = Ihr Abonnement ist beendet
parts-ended-more = Was das bedeutet
parts-filters = Liste eingrenzen
parts-show = Anzeigen
parts-export = Alle exportieren (CSV)
parts-export-matches = Treffer exportieren (CSV)
parts-look = Darstellung
parts-look-system = System
parts-look-light = Hell
parts-look-dark = Dunkel
parts-mode = Modus
parts-mode-test = Test
parts-mode-live = Live
parts-table = Tabelle: { $what }
parts-sort-by = Sortieren nach
parts-pages = Seiten
parts-first = Erste Seite
parts-next = Nächste Seite
parts-request = Anfrage { $id }
parts-snippet-hint = Ein Klick auf den Text wählt ihn ganz aus; dann können Sie ihn kopieren.

## Zeitpunkte.
parts-date = { $day }. { $month } { $year }
parts-date-time = { $date }, { $time } UTC
parts-day = { $day }. { $month }
parts-day-time = { $day }, { $time }
parts-month = { $month ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sept.
    [10] Okt.
    [11] Nov.
   *[12] Dez.
}

## Was eine Seite sagt, wo Skripte laufen.
parts-copy = { $what } kopieren
parts-copied = Kopiert
parts-copy-press = Drücken Sie Strg+C oder ⌘C zum Kopieren
parts-reveal = { $what } anzeigen
parts-cover = { $what } verbergen
parts-live = Diese Seite aktualisiert sich von selbst.
parts-live-waiting = Keine Verbindung; wir versuchen es weiter. Was Sie sehen, kann veraltet sein.
parts-live-lost = Diese Seite ließ sich nicht aktualisieren. Laden Sie sie neu.
