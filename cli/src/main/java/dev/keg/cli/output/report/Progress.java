package dev.keg.cli.output.report;

import dev.keg.cli.session.Session;
import dev.keg.file.WorkListener;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** The progress of work, shown from time to time. Any thread may report an advance. */
public final class Progress {
  /** The state of the work. Zero expected bytes mean unknown. */
  record State(String task, long expected, long bytes, long files, Duration passed) {}

  /** Shows work. */
  interface View {
    /** The interval between updates. */
    Duration pause();

    void show(State state);

    /** The work has ended, or other output follows now. */
    void end(State state, boolean shown);
  }

  private final View view;
  private final InstantSource clock;
  private final String task;
  private final Instant start;
  private Instant next;
  private boolean shown;
  private DoubleSupplier share = () -> 0;
  private long expected;
  private long files;
  private long bytes;

  Progress(View view, InstantSource clock, String task, long expected) {
    this.view = view;
    this.clock = clock;
    this.task = task;
    this.expected = expected;
    this.start = clock.instant();
    this.next = start.plus(view.pause());
  }

  /**
   * Starts showing work as the session's options say.
   *
   * @param expected determines the total number of bytes, zero if unknown; called only if something
   *     is shown
   */
  public static Progress of(Session session, String task, Supplier<Size> expected) {
    PrintStream err = session.streams().err();
    View view =
        switch (session.progress()) {
          case NONE -> new Hidden();
          case AUTO ->
              session.terminal().isWatched()
                  ? new ProgressLine(err, session.terminal()::width)
                  : new Hidden();
          case JSON -> new ProgressObjects(err);
        };
    return new Progress(
        view, session.clock(), task, view instanceof Hidden ? 0 : expected.get().bytes());
  }

  /** Shows the work of drivers, and of removals, while an action runs. */
  public static <T> T during(Session session, String task, Supplier<T> action) {
    return during(session, task, () -> Size.ZERO, _ -> action.get());
  }

  /** The same without a result. */
  public static void run(Session session, String task, Runnable action) {
    boolean _ =
        during(
            session,
            task,
            () -> {
              action.run();
              return true;
            });
  }

  /** The same for an action that reports part of the progress itself. */
  public static <T> T during(
      Session session, String task, Supplier<Size> expected, Function<Progress, T> action) {
    Progress progress = of(session, task, expected);
    session.reportWorkTo(progress.work());
    try {
      return action.apply(progress);
    } finally {
      session.reportWorkTo(WorkListener.NONE);
      progress.end();
    }
  }

  /** Shows nothing. */
  private record Hidden() implements View {
    @Override
    public Duration pause() {
      return Duration.ofDays(1);
    }

    @Override
    public void show(State state) {}

    @Override
    public void end(State state, boolean shown) {}
  }

  /**
   * Estimates an unknown total from this fraction.
   *
   * @param done the fraction of the work that is done, from 0 to 1; 0 if unknown
   */
  public synchronized Progress estimating(DoubleSupplier done) {
    share = done;
    return this;
  }

  /** Shows the progress of a copy; its notes are reported elsewhere, or not at all. */
  public TreeListener listener() {
    return TreeListener.of(work());
  }

  /** Shows the progress of drivers, which report the amount of work themselves. */
  public WorkListener work() {
    return new WorkListener() {
      @Override
      public boolean isWatched() {
        return !(view instanceof Hidden);
      }

      @Override
      public void expected(long more) {
        Progress.this.expect(more);
      }

      @Override
      public void advanced(long moreFiles, long moreBytes) {
        Progress.this.advanced(moreFiles, moreBytes);
      }
    };
  }

  private synchronized void expect(long more) {
    expected += more;
  }

  public void advanced(long more) {
    advanced(0, more);
  }

  /** Another file is complete. */
  public void finished() {
    advanced(1, 0);
  }

  /** This many more files, with this many bytes. */
  public synchronized void advanced(long moreFiles, long moreBytes) {
    files += moreFiles;
    bytes += moreBytes;
    Instant now = clock.instant();
    if (now.isAfter(next)) {
      next = now.plus(view.pause());
      shown = true;
      view.show(state(now));
    }
  }

  private State state(Instant now) {
    return new State(
        task, expected > 0 ? expected : estimated(), bytes, files, Duration.between(start, now));
  }

  private long estimated() {
    double done = share.getAsDouble();
    return done > 0 ? (long) (bytes / done) : 0;
  }

  /** Makes room for other output; later progress is shown again. */
  public synchronized void end() {
    view.end(state(clock.instant()), shown);
    shown = false;
  }
}
