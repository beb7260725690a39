# What the small pieces of a page say by themselves.

parts-chart-table = Show as a table
parts-chart-figures = The chart's figures
parts-chart-together = together
parts-close = Close
parts-crumbs = Breadcrumb
parts-ended = { $ended } ({ $at }). { $meaning } { $more }
parts-ended-what = Your subscription has ended
parts-ended-more = What this means
parts-filters = Narrow the list
parts-show = Show
parts-export = Export all (CSV)
parts-export-matches = Export what matches (CSV)
parts-look = Look
parts-look-system = System
parts-look-light = Light
parts-look-dark = Dark
parts-mode = Mode
parts-mode-test = Test
parts-mode-live = Live
parts-table = Table: { $what }
parts-sort-by = Sort by
parts-pages = Pages
parts-first = First page
parts-next = Next page
parts-request = Request { $id }
parts-snippet-hint = Click the text to select all of it, then copy it.

## Moments.
parts-date = { $day } { $month } { $year }
parts-date-time = { $date }, { $time } UTC
parts-day = { $day } { $month }
parts-day-time = { $day }, { $time }
parts-month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

## What a page says where scripts run.
parts-copy = Copy { $what }
parts-copied = Copied
parts-copy-press = Press Ctrl+C or ⌘C to copy
parts-reveal = Show { $what }
parts-cover = Hide { $what }
parts-live = This page keeps itself up to date.
parts-live-waiting = Not connected: trying again. What you see may be old.
parts-live-lost = This page could not be brought up to date. Reload it to go on.
