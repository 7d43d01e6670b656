package dev.keg.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.file.Throttle;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A line with a fixed rate, in a virtual time that passes only during waits. */
public final class VirtualLine {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final long rate;

  public VirtualLine(long rate) {
    this.rate = rate;
  }

  public Throttle throttle() {
    return new Throttle(rate, nanos::get, time -> nanos.addAndGet(time.toNanos()));
  }

  /** The total time of the waits. */
  public Duration passed() {
    return Duration.ofNanos(nanos.get() + 5);
  }

  /** Writes an object of this size and reads it back. */
  public static void transfer(ObjectStore store, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(7).nextBytes(content);
    ObjectName name = new ObjectName("data/db/large");
    try (PendingObject object = store.create(name, new Size(size))) {
      object.write(content);
      object.publish();
    }
    ByteBuffer read = ByteBuffer.allocate(size);
    assertThat(store.read(name, 0, read)).isEqualTo(size);
    assertThat(read.array()).isEqualTo(content);
  }
}
