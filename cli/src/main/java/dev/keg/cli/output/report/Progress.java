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

/** How far work has come, shown now and then. Any thread may report an advance. */
public final class Progress {
  /** Work as far as it has come. Zero bytes are expected where nobody knows. */
  record State(String task, long expected, long bytes, long files, Duration passed) {}

  /** Shows work. */
  interface View {
    /** How long what is shown stays. */
    Duration pause();

    void show(State state);

    /** The work has ended, or something else is printed now. */
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
   * Begins to show work in the way that the session asks for.
   *
   * @param expected how many bytes there are in all, asked for only if something is shown; zero
   *     where nobody knows
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

  /** Shows the work of drivers, and of removals, while something is done. */
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

  /** The same, with a part of which the action itself tells the progress. */
  public static <T> T during(
      Session session, String task, Supplier<Size> expected, Function<Progress, T> action) {
    Progress progress = of(session, task, expected);
    session.hear(progress.work());
    try {
      return action.apply(progress);
    } finally {
      session.hear(WorkListener.NONE);
      progress.end();
    }
  }

  /** Nobody watches. */
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
   * Where nobody knows how many bytes there are in all, they follow from this.
   *
   * @param done how much of the work is done, from 0 to 1; 0 where nobody knows
   */
  public synchronized Progress estimating(DoubleSupplier done) {
    share = done;
    return this;
  }

  /** Shows how far a copy has come whose notes somebody else tells, or nobody. */
  public TreeListener listener() {
    return TreeListener.of(work());
  }

  /** Shows how far the work of drivers has come, which say themselves how much there is. */
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

  /** One file more is complete. */
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

  /** Makes room for other output; what advances later is shown again. */
  public synchronized void end() {
    view.end(state(clock.instant()), shown);
    shown = false;
  }
}
