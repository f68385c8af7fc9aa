print("wayfield")
