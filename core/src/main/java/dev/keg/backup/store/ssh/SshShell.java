package dev.keg.backup.store.ssh;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private final boolean shared;
  private @Nullable Path directory;
  private Programs.@Nullable Running master;

  /**
   * @param temporary the directory for the connection's socket
   */
  SshShell(SshTarget target, Programs programs, Path temporary) {
    this.target = target;
    this.programs = programs;
    this.temporary = temporary;
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

  /** The socket of the connection, which is opened if necessary. */
  private synchronized Path socket() throws IOException {
    Path place = directory;
    if (place == null) {
      place = Files.createTempDirectory(temporary, "keg-ssh");
      directory = place;
    }
    if (master == null) {
      master = connect(place.resolve("s"));
    }
    return place.resolve("s");
  }

  private Programs.Running connect(Path socket) throws IOException {
    List<String> command = new ArrayList<>(List.of("ssh", "-M", "-S" + socket));
    command.add("-oControlPersist=no");
    command.addAll(words(RemoteScript.HOLD, List.of()));
    Programs.Running connection = programs.start(command);
    try {
      requireAnswer(connection);
      return connection;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  private static void requireAnswer(Programs.Running connection) throws IOException {
    byte[] answer = connection.output().readNBytes(ANSWER.length);
    if (answer.length == 0) {
      throw new NoConnection(exitCode(connection), connection.complaint());
    }
    if (!Arrays.equals(answer, ANSWER)) {
      throw new IOException(
          "the login shell prints text of its own, which would end up in the data");
    }
  }

  private static int exitCode(Programs.Running connection) throws IOException {
    try {
      return connection.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
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
