# Between two panels of one picture: forget what was set for the one before.
unset arrow
unset label
unset object
unset logscale
unset xtics; set xtics
unset ytics; set ytics
unset ztics; set ztics
unset cbtics; set cbtics
set xlabel offset 0,0
set xtics norotate autofreq offset 0,0; set ytics norotate autofreq offset 0,0
set format; set format x '%h'
set title ''; set xlabel ''; set ylabel ''; set zlabel ''; set cblabel ''
set autoscale
set autoscale xfix
set offsets
set size noratio
set lmargin; set rmargin; set tmargin; set bmargin
set colorbox default
set zlabel norotate
set border 3 lc rgb '#8a94a0' lw 1.5
set tics nomirror out scale 0.6 textcolor rgb '#4b5563' font 'DejaVu Sans,'.int(figure_text * 0.9)
set grid xtics ytics noztics back lt 1 lc rgb '#e6e9ed' lw 1.5
set key notitle noopaque
