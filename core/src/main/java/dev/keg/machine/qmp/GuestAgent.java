package dev.keg.machine.qmp;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The agent in a guest, qemu-ga(8), which freezes the guest's file systems. The socket belongs to
 * QEMU and accepts commands even while no agent runs. So an answer may belong to a much earlier
 * command; that to {@code guest-sync-delimited} has a number and follows a byte 0xFF:
 *
 * <pre>0xFF {"execute": "guest-sync-delimited", "arguments": {"id": 7}}
 * 0xFF {"return": 7}
 * {"execute": "guest-fsfreeze-freeze"}
 * {"return": 2}   or   {"error": {"class": "GenericError", "desc": "…"}}</pre>
 */
public final class GuestAgent {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The guest writes out what it has in memory. */
  private static final Duration FREEZING = Duration.ofSeconds(60);

  private static final byte DELIMITER = (byte) 0xFF;

  private final Path socket;
  private final Guard guard;
  private final Duration patience;
  private final Duration freezing;

  /** An agent without a guard, which can only thaw. */
  public GuestAgent(Path socket) {
    this(socket, () -> Still.UNASKED);
  }

  public GuestAgent(Path socket, Guard guard) {
    this(socket, guard, PATIENCE, FREEZING);
  }

  GuestAgent(Path socket, Guard guard, Duration patience, Duration freezing) {
    this.socket = socket;
    this.guard = guard;
    this.patience = patience;
    this.freezing = freezing;
  }

  /** Keeps file systems frozen until this is closed. */
  @FunctionalInterface
  public interface Still extends AutoCloseable {
    /** For a guest without an agent. */
    Still UNASKED = () -> {};

    @Override
    void close() throws IOException;
  }

  /** Thaws the guest if this process dies while it is frozen. */
  @FunctionalInterface
  public interface Guard {
    /** Returns once it watches; closing the result stops the guard. */
    Still start() throws IOException;
  }

  /**
   * Freezes the guest's file systems; if it fails, they are thawed. A guest that is already frozen
   * is left alone, since another program may need that.
   */
  Still freeze() throws IOException {
    requireThawed();
    Still watch = watch();
    try {
      freezeOnly();
    } catch (IOException e) {
      thawAfter(e, watch);
      throw e;
    }
    return () -> end(watch);
  }

  private void requireThawed() throws IOException {
    try (Talk talk = open()) {
      talk.awaitSync(talk.sendSync());
      if ("frozen".equals(talk.ask("guest-fsfreeze-status", patience))) {
        throw new AgentException(
            "guest agent at %s: the guest's file systems are frozen already".formatted(socket),
            "let the program that froze them finish; if there is none, give the guest agent"
                + " guest-fsfreeze-thaw");
      }
    }
  }

  private Still watch() throws IOException {
    try {
      return guard.start();
    } catch (IOException e) {
      throw new AgentException(
          "nothing would thaw the guest if Keg were killed: " + e.getMessage(),
          "leave out --quiesce");
    }
  }

  private void freezeOnly() throws IOException {
    try (Talk talk = open()) {
      talk.awaitSync(talk.sendSync());
      var _ = talk.ask("guest-fsfreeze-freeze", freezing);
    }
  }

  /** Thaws the guest; if that fails, leaves it to the guard. */
  private void end(Still watch) throws IOException {
    boolean held = thaw(true);
    watch.close();
    if (!held) {
      throw new AgentException(
          "guest agent at %s: the guest thawed before the copies had begun".formatted(socket),
          "Windows stays frozen for 10 seconds at most; try again, or leave out --quiesce");
    }
  }

  private void thawAfter(IOException failure, Still watch) {
    try {
      thaw();
      watch.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Thaws the guest's file systems, even if this thread is interrupted. The command is sent before
   * the agent answers anything: an agent that is still freezing receives it afterwards.
   */
  public void thaw() throws IOException {
    boolean _ = thaw(false);
  }

  /**
   * Thaws; if asked to check, returns false if the file systems had thawed by themselves before.
   */
  private boolean thaw(boolean asking) throws IOException {
    boolean interrupted = Thread.interrupted();
    try (Talk talk = open()) {
      long sync = talk.sendSync();
      if (asking) {
        talk.send("guest-fsfreeze-status");
      }
      talk.send("guest-fsfreeze-thaw");
      talk.awaitSync(sync);
      boolean held = !asking || "frozen".equals(talk.answer("guest-fsfreeze-status", patience));
      return talk.thawed() && held;
    } catch (IOException e) {
      throw new AgentException(
          "the guest's file systems may still be frozen: " + e.getMessage(),
          "give the guest agent guest-fsfreeze-thaw, or reset the machine");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Talk open() throws IOException {
    try {
      return new Talk(SocketLines.open(socket, "the guest agent"));
    } catch (QmpException e) {
      throw unavailable(String.valueOf(e.getMessage()));
    }
  }

  private AgentException unavailable(String why) {
    return new AgentException(
        "guest agent at %s: %s".formatted(socket, why),
        "start qemu-guest-agent in the guest, or leave out --quiesce");
  }

  /** A conversation with the agent. */
  private final class Talk implements AutoCloseable {
    private final SocketLines lines;

    Talk(SocketLines lines) {
      this.lines = lines;
    }

    /** Sends a synchronization; returns the number that identifies its answer. */
    long sendSync() throws IOException {
      long id = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
      byte[] command =
          new JsonObject()
              .put("execute", "guest-sync-delimited")
              .put("arguments", new JsonObject().put("id", id))
              .bytes();
      byte[] delimited = new byte[command.length + 1];
      delimited[0] = DELIMITER;
      System.arraycopy(command, 0, delimited, 1, command.length);
      lines.send(delimited, "guest-sync-delimited");
      return id;
    }

    /** Discards answers to earlier commands. */
    void awaitSync(long id) throws IOException {
      long end = System.nanoTime() + patience.toNanos();
      try {
        while (!isAnswer(lines.line(end, patience), id)) {
          // The next line may be it.
        }
      } catch (QmpException e) {
        throw unavailable(String.valueOf(e.getMessage()));
      }
    }

    private static boolean isAnswer(byte[] line, long id) {
      int begin = line.length;
      while (begin > 0 && line[begin - 1] != DELIMITER) {
        begin--;
      }
      try {
        byte[] last = Arrays.copyOfRange(line, begin, line.length);
        return begin > 0 && Long.toString(id).equals(JsonObject.parse(last).get("return"));
      } catch (InvalidDocument _) {
        return false;
      }
    }

    void send(String command) throws IOException {
      lines.send(new JsonObject().put("execute", command).bytes(), command);
    }

    /**
     * Thaws; returns false if Windows had thawed by itself before, which the agent reports only now
     * (qga/vss-win32).
     */
    boolean thawed() throws IOException {
      try {
        var _ = answer("guest-fsfreeze-thaw", patience);
        return true;
      } catch (AgentException e) {
        if (String.valueOf(e.getMessage()).contains("couldn't hold writes")) {
          return false;
        }
        throw e;
      }
    }

    String ask(String command, Duration limit) throws IOException {
      send(command);
      return answer(command, limit);
    }

    String answer(String command, Duration limit) throws IOException {
      try {
        long end = System.nanoTime() + limit.toNanos();
        Map<?, ?> answer = JsonObject.parse(lines.line(end, limit));
        if (answer.get("error") instanceof Map<?, ?> error) {
          throw unavailable(command + ": " + error.get("desc"));
        }
        return String.valueOf(answer.get("return"));
      } catch (QmpException e) {
        throw unavailable(command + ": " + e.getMessage());
      } catch (InvalidDocument _) {
        throw unavailable(command + ": the answer is not JSON");
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  /** The agent failed to do something. */
  static final class AgentException extends IOException {
    private final String hint;

    AgentException(String message, String hint) {
      super(message);
      this.hint = hint;
    }

    String hint() {
      return hint;
    }
  }
}
