# Small gray pictures side by side: no axes, square pixels, no color bar.
unset grid
unset border
unset tics
unset colorbox
set size ratio -1
set lmargin 1
set rmargin 1
set bmargin 0.5
