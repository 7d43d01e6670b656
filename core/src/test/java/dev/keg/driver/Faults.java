package dev.keg.driver;

/**
 * Counts the calls into a {@link FakeWorld} and decides which one fails: by an error of the system,
 * or because the process dies there, after which no call succeeds until {@link #heal}.
 */
public final class Faults {
  private static final int NEVER = 0;

  private int calls;
  private int chosen = NEVER;
  private boolean deadly;
  private boolean dead;
  private final Runnable onDeath;

  public Faults() {
    this(() -> {});
  }

  /** What the system does when the process dies: it closes the open files of the process. */
  public Faults(Runnable onDeath) {
    this.onDeath = onDeath;
  }

  /**
   * Called first in each call of a fake; true means that it must fail with an error of the system.
   */
  public boolean hit() {
    calls++;
    if (!dead && deadly && calls == chosen) {
      dead = true;
      onDeath.run();
    }
    if (dead) {
      throw new Killed();
    }
    return calls == chosen;
  }

  /** Makes the n-th call from now on fail, counted from 1. */
  public void failAt(int call) {
    plan(call, false);
  }

  /** Kills the process at the n-th call from now on, before it has any effect. */
  public void killAt(int call) {
    plan(call, true);
  }

  private void plan(int call, boolean kill) {
    heal();
    chosen = call;
    deadly = kill;
  }

  /** Ends all failures: the next process, on the same machine. */
  public void heal() {
    calls = 0;
    chosen = NEVER;
    deadly = false;
    dead = false;
  }

  /** Whether the chosen call was reached. */
  public boolean fired() {
    return chosen != NEVER && calls >= chosen;
  }

  /** The end of the process, which no driver may catch. */
  public static final class Killed extends Error {}
}
