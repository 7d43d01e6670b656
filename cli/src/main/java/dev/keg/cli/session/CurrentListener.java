package dev.keg.cli.session;

import dev.keg.file.WorkListener;

/** Forwards to the current listener, which changes from one piece of work to the next. */
final class CurrentListener implements WorkListener {
  private volatile WorkListener now = NONE;

  void set(WorkListener next) {
    now = next;
  }

  @Override
  public boolean isWatched() {
    return now.isWatched();
  }

  @Override
  public void expected(long bytes) {
    now.expected(bytes);
  }

  @Override
  public void advanced(long files, long bytes) {
    now.advanced(files, bytes);
  }
}
