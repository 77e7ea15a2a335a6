// Two threads that give libtorch a convolution which it has not met before now and then crash the process (see BatchGradients): a test has libtorch to itself.
[assembly: DoNotParallelize]
