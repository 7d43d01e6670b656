package dev.keg.backup.store.encrypted;

import dev.keg.age.AgeOutput;
import dev.keg.age.Head;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import java.io.IOException;

/** An object that is encrypted while it is written. */
final class EncryptedObject extends PendingObject {
  private final PendingObject below;
  private final AgeOutput out;
  private final Runnable published;

  private EncryptedObject(PendingObject below, AgeOutput out, Runnable published) {
    this.below = below;
    this.out = out;
    this.published = published;
  }

  static EncryptedObject begin(PendingObject below, Head head, Runnable published)
      throws StoreException {
    try {
      return new EncryptedObject(below, new AgeOutput(below, head), published);
    } catch (IOException e) {
      StoreException failure = StoreException.of(e);
      try {
        below.close();
      } catch (StoreException suppressed) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    }
  }

  @Override
  protected void append(byte[] bytes, int offset, int length) throws StoreException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }

  @Override
  protected void commit() throws StoreException {
    try {
      out.finish();
    } catch (IOException e) {
      throw StoreException.of(e);
    }
    below.publish();
    published.run();
  }

  @Override
  protected void discard() throws StoreException {
    below.close();
  }
}
