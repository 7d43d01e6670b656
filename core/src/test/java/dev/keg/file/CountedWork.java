package dev.keg.file;

import java.util.concurrent.atomic.AtomicLong;

/** Adds up the reported work. */
public final class CountedWork implements WorkListener {
  public final AtomicLong expected = new AtomicLong();
  public final AtomicLong done = new AtomicLong();

  @Override
  public boolean isWatched() {
    return true;
  }

  @Override
  public void expected(long bytes) {
    expected.addAndGet(bytes);
  }

  @Override
  public void advanced(long files, long bytes) {
    done.addAndGet(bytes);
  }
}
