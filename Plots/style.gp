# The look that every figure of this package shares.
#
# These scripts stand in Plots/ to be read and edited; the library carries a copy of each, taken
# when it is built (Sources/Figures/Style links here), and writes them into the script of every
# figure, so that `gnuplot loss-curve.gp` needs nothing else. A script of your own can start with
#
#   load 'style.gp'
#
# and set these before, to change the size of the picture and of its text:
if (!exists("figure_width")) figure_width = 1500
if (!exists("figure_height")) figure_height = 900
if (!exists("figure_text")) figure_text = 22

# Twice the pixels of a page that is 760 wide, so that lines and text stay crisp. Text is printed
# as it is (noenhanced): names with underscores and braces are common here.
reset
set encoding utf8
set terminal pngcairo noenhanced size figure_width,figure_height background rgb '#ffffff' \
    font 'DejaVu Sans,'.figure_text rounded

# Colors that stay apart for color-blind eyes (after Okabe and Ito 2008, a little darker):
# blue, vermilion, green, purple, orange, sky, then gray and near-black for what is beside the point.
set linetype 1 lc rgb '#1668a8' lw 3.5 pt 7 ps 1.5
set linetype 2 lc rgb '#d1520f' lw 3.5 pt 5 ps 1.4
set linetype 3 lc rgb '#11936f' lw 3.5 pt 9 ps 1.8
set linetype 4 lc rgb '#b0609a' lw 3.5 pt 13 ps 1.9
set linetype 5 lc rgb '#e0a010' lw 3.5 pt 11 ps 1.8
set linetype 6 lc rgb '#5fb3e0' lw 3.5 pt 15 ps 1.7
set linetype 7 lc rgb '#8a94a0' lw 3.5 pt 7 ps 1.5
set linetype 8 lc rgb '#252b33' lw 3.5 pt 7 ps 1.5
set linetype cycle 8

# Two quiet axes, a light grid behind the data, ticks outside.
ink = '#252b33'
set border 3 lc rgb '#8a94a0' lw 1.5
set tics nomirror out scale 0.6 textcolor rgb '#4b5563' font 'DejaVu Sans,'.int(figure_text * 0.9)
set grid xtics ytics back lt 1 lc rgb '#e6e9ed' lw 1.5
# gnuplot's own begins with a space, which pushes numbers off their ticks.
set format x '%h'
title_font = 'DejaVu Sans:Bold,'.int(figure_text * 1.12)
set title font title_font textcolor rgb ink offset 0,0.3
set xlabel textcolor rgb ink
set ylabel textcolor rgb ink
set zlabel textcolor rgb ink
set cblabel textcolor rgb ink
set key textcolor rgb ink samplen 2 spacing 1.15 width 1 Left reverse

set style fill solid 1 noborder
set boxwidth 0.8
set errorbars 0.8
set autoscale xfix
