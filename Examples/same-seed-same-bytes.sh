# The number of threads never changes a result.
run="simulate --topology geant --algorithm q-routing --load-fraction 0.5 --episodes 8 --json"
wayfield $run --seed 7 --threads 1 --set trainingEpisodes=5 >one.json
wayfield $run --seed 7 --threads 2 --set trainingEpisodes=5 >two.json
cmp one.json two.json
