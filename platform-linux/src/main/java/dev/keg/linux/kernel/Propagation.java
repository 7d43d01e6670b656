package dev.keg.linux.kernel;

/** How mounts below a mount propagate; mount_namespaces(7). */
public enum Propagation {
  SHARED("shared", 1 << 20),
  SLAVE("slave", 1 << 19),
  PRIVATE("private", 1 << 18),
  UNBINDABLE("unbindable", 1 << 17);

  private final String word;
  private final long number;

  Propagation(String word, long number) {
    this.word = word;
    this.number = number;
  }

  public String word() {
    return word;
  }

  /** The MS_ number of mount(2) and mount_setattr(2). */
  public long number() {
    return number;
  }
}
