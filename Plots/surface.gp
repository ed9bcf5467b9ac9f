# A height over a plane, seen from above a corner. The surface is painted from back to front as it
# comes (no depthorder), so that paths, which follow it, are seen on it and not under it.
set border 895 lc rgb '#8a94a0' lw 1.2
set xyplane relative 0.06
set grid xtics ytics ztics back lt 1 lc rgb '#d5dae0' lw 1.2
set tics scale 0.4
set xtics offset 0,-0.3
set ytics offset -0.5,-0.2
set zlabel rotate by 90
set view 50, 328, 1.02, 1.0
set pm3d scansautomatic border lc rgb '#60ffffff' lw 0.6
set colorbox user origin screen 0.92, 0.25 size 0.018, 0.5 noborder
