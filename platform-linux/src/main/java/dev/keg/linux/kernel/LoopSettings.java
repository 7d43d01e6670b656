package dev.keg.linux.kernel;

/**
 * The settings of a loop device.
 *
 * @param autoclear whether the kernel frees it after its last use
 * @param directIo whether to bypass the page cache of the image's file system
 * @param name the name that losetup(8) shows, at most 63 bytes
 * @param window the part of the image that it shows
 */
public record LoopSettings(
    boolean readOnly,
    boolean autoclear,
    boolean directIo,
    int blockSize,
    String name,
    Window window) {
  /** A part of an image; length 0 means up to the end. */
  public record Window(long offset, long length) {
    public static final Window ALL = new Window(0, 0);
  }

  public LoopSettings(
      boolean readOnly, boolean autoclear, boolean directIo, int blockSize, String name) {
    this(readOnly, autoclear, directIo, blockSize, name, Window.ALL);
  }
}
