package dev.keg.backup.store.ssh;

import dev.keg.program.Programs;
import dev.keg.program.WatchedProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts through ssh. All scripts share one connection that stays open: {@code ControlMaster}
 * in ssh_config(5). As a child process, it ends with this process.
 */
final class SshShell implements RemoteShell {
  // The same as scp's: the user's settings for logins do not apply here.
  static final List<String> OPTIONS =
      List.of(
          "-oRequestTTY=no",
          "-oRemoteCommand=none",
          "-oPermitLocalCommand=no",
          "-oClearAllForwardings=yes",
          "-oForwardX11=no",
          "-oConnectTimeout=20",
          "-oServerAliveInterval=15",
          "-oServerAliveCountMax=4");
  private static final byte[] ANSWER = "keg\n".getBytes(StandardCharsets.UTF_8);
  // sockaddr_un holds 104 bytes on some systems; ssh appends 17 while it creates the socket.
  private static final int LONGEST_DIRECTORY = 80;

  private final SshTarget target;
  private final Programs programs;
  private final Path temporary;
  private final Duration login;
  private final boolean shared;
  private @Nullable Path directory;
  private @Nullable WatchedProgram master;
  private volatile @Nullable IOException failure;

  /**
   * @param temporary the directory for the connection's socket
   * @param login how long to wait for a connection
   */
  SshShell(SshTarget target, Programs programs, Path temporary, Duration login) {
    this.target = target;
    this.programs = programs;
    this.temporary = temporary;
    this.login = login;
    this.shared =
        temporary.getFileSystem().supportedFileAttributeViews().contains("posix")
            && temporary.toString().length() <= LONGEST_DIRECTORY;
  }

  @Override
  public Programs.Running start(RemoteScript script, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ssh"));
    if (shared) {
      command.add("-S" + socket());
      command.add("-oControlMaster=no");
    }
    command.addAll(words(script, arguments));
    return programs.start(command);
  }

  private List<String> words(RemoteScript script, List<String> arguments) {
    List<String> words = new ArrayList<>(OPTIONS);
    target.chosenPort().ifPresent(port -> words.add("-p" + port));
    words.add("--");
    words.add(target.destination());
    words.add(script.command(arguments));
    return words;
  }

  @Override
  public boolean logsIn() {
    return !shared;
  }

  /**
   * The socket of the connection, which is opened if necessary. Those who wait for another's
   * attempt share its failure, so that each does not wait for one more.
   */
  private Path socket() throws IOException {
    IOException known = failure;
    synchronized (this) {
      IOException latest = failure;
      if (master == null && latest != null && latest != known) {
        throw latest;
      }
      return openSocket();
    }
  }

  private synchronized Path openSocket() throws IOException {
    Path place = directory;
    if (place == null) {
      place = Files.createTempDirectory(temporary, "keg-ssh");
      directory = place;
    }
    if (master == null) {
      try {
        master = connect(place.resolve("s"));
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
    return place.resolve("s");
  }

  private WatchedProgram connect(Path socket) throws IOException {
    List<String> command = new ArrayList<>(List.of("ssh", "-M", "-S" + socket));
    command.add("-oControlPersist=no");
    command.addAll(words(RemoteScript.HOLD, List.of()));
    WatchedProgram connection = new WatchedProgram(programs.start(command), login);
    try {
      requireAnswer(connection);
      return connection;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  private static void requireAnswer(WatchedProgram connection) throws IOException {
    byte[] answer = answer(connection);
    int exitCode = answer.length == 0 ? exitCode(connection) : 0;
    if (connection.isSilent()) {
      throw new NoLogin(connection.patience());
    }
    if (answer.length == 0) {
      throw new NoConnection(exitCode, connection.complaint());
    }
    if (!Arrays.equals(answer, ANSWER)) {
      throw new IOException(
          "the login shell prints text of its own, which would end up in the data");
    }
  }

  private static byte[] answer(WatchedProgram connection) throws IOException {
    try {
      return connection.output().readNBytes(ANSWER.length);
    } catch (IOException e) {
      if (connection.isSilent()) {
        return new byte[0];
      }
      throw e;
    }
  }

  private static int exitCode(WatchedProgram connection) throws IOException {
    try {
      return connection.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** ssh was not connected in time, or the login shell did not start. */
  static final class NoLogin extends IOException {
    NoLogin(Duration time) {
      super("no login within " + time.toSeconds() + " s");
    }
  }

  /** ssh ended before it was connected. */
  static final class NoConnection extends IOException {
    private final int exitCode;

    NoConnection(int exitCode, String complaint) {
      super(complaint);
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  @Override
  public synchronized void reset() {
    if (master != null) {
      master.close();
      master = null;
    }
  }

  @Override
  public synchronized void close() {
    reset();
    Path place = directory;
    if (place != null) {
      directory = null;
      remove(place);
    }
  }

  // ssh removes its socket when it ends, unless it is killed.
  private static void remove(Path place) {
    try {
      Files.deleteIfExists(place.resolve("s"));
      Files.deleteIfExists(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
