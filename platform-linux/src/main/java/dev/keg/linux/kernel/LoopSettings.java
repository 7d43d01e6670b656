package dev.keg.linux.kernel;

/**
 * How a loop device works.
 *
 * @param autoclear whether it is freed when its last user closes it
 * @param directIo whether it goes around the page cache of the file system that holds the image
 * @param name what losetup(8) shows, at most 63 bytes
 * @param window what of the image it is
 */
public record LoopSettings(
    boolean readOnly,
    boolean autoclear,
    boolean directIo,
    int blockSize,
    String name,
    Window window) {
  /** A piece of an image; of no length if it goes to the end. */
  public record Window(long offset, long length) {
    public static final Window ALL = new Window(0, 0);
  }

  public LoopSettings(
      boolean readOnly, boolean autoclear, boolean directIo, int blockSize, String name) {
    this(readOnly, autoclear, directIo, blockSize, name, Window.ALL);
  }
}
