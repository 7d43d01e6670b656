package dev.keg.backup.store.s3;

import dev.keg.volume.Size;

/**
 * The sizes of an object's parts. S3 accepts 10,000 of them, and some stores require equal ones; so
 * they are equal as long as the object is about as large as expected, and grow only when the
 * numbers run out.
 */
record PartSizes(int usual) {
  private static final int MIB = 1 << 20;

  /** Small enough for memory; S3 itself accepts parts from 5 MiB on. */
  static final int SMALLEST = 8 * MIB;

  private static final int LARGEST = 512 * MIB;
  private static final int EQUAL_PARTS = 9_000;

  /** The limit of S3. */
  static final int MOST_PARTS = 10_000;

  private static final int DOUBLED_EVERY = 125;
  private static final Size UNKNOWN = new Size(128L << 30);

  /** The largest possible object. */
  Size most() {
    long most = 0;
    for (int number = 1; number <= MOST_PARTS; number++) {
      most += of(number);
    }
    return new Size(most);
  }

  static PartSizes forObject(Size expected, int smallest) {
    long bytes = (expected.bytes() == 0 ? UNKNOWN : expected).bytes();
    long wanted = Math.ceilDiv(Math.ceilDiv(bytes, EQUAL_PARTS), MIB) * MIB;
    return new PartSizes(Math.clamp(wanted, smallest, LARGEST));
  }

  /** The size of the part with this number, counted from 1. */
  int of(int number) {
    int doublings = Math.max(0, Math.ceilDiv(number - EQUAL_PARTS, DOUBLED_EVERY));
    return (int) Math.min((long) usual << doublings, Math.max(usual, LARGEST));
  }
}
