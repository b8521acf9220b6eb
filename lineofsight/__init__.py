"""Line of Sight: one true record of who answers for every child and every promise."""
