# Compares three algorithms on Abilene, then reads the results with standard tools.
wayfield compare --topology abilene --algorithms shortest-path,ecmp,backpressure \
  --load-fractions 0.4,0.8 --episodes 10 --fail "@3@250" --output abilene

# The published metric and the sound one, one line per algorithm and load.
cut -d, -f1-3,13-15 abilene/metrics.csv | sed -n 1,5p

# Every figure can be drawn anew from its data and script.
(cd abilene/figures && rm delay-load.svg && gnuplot delay-load.gp && test -s delay-load.svg)

# The page needs nothing from outside.
! grep -E 'src="http|href="http' abilene/report.html
