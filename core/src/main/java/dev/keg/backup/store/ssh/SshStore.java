package dev.keg.backup.store.ssh;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects as files below a directory on another machine. */
public final class SshStore implements ObjectStore {
  private final SshSession session;
  private final StoreLimits limits;
  private final RandomGenerator random;

  SshStore(SshSession session, StoreLimits limits, RandomGenerator random) {
    this.session = session;
    this.limits = limits;
    this.random = random;
  }

  /** Connects and checks the directory, which must exist. */
  public static SshStore open(SshTarget target, SshEnvironment environment) throws StoreException {
    SshPatience patience = new SshPatience(environment.idle());
    RemoteShell shell =
        new SshShell(target, environment.programs(), environment.temporary(), patience.login());
    SshSession session = new SshSession(target, shell, environment.backoff(), patience);
    try {
      session.run(ScriptCall.of("open", RemoteScript.PROBE), SshSession.Reader.NOTHING);
      return new SshStore(session, environment.limits(), environment.random());
    } catch (StoreException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public String address() {
    return session.address();
  }

  @Override
  public PendingObject create(ObjectName name, Size expected) throws StoreException {
    String draft = HexFormat.of().toHexDigits(random.nextLong());
    return new RemoteDraft(session, name, draft, limits.upload());
  }

  // dd sends whole blocks, because skipping bytes would read them one by one.
  @Override
  public int read(ObjectName name, long offset, ByteBuffer target) throws StoreException {
    if (!target.hasRemaining()) {
      return 0;
    }
    long first = offset / RemoteScript.BLOCK;
    long end = Math.ceilDiv(offset + target.remaining(), (long) RemoteScript.BLOCK);
    int start = target.position();
    int verdict =
        session.run(
            ScriptCall.of(
                "read " + name,
                RemoteScript.READ,
                name.text(),
                Long.toString(first),
                Long.toString(end - first)),
            output -> {
              target.position(start);
              fill(output, offset - first * RemoteScript.BLOCK, target);
            });
    if (verdict == RemoteScript.ABSENT) {
      throw new StoreException.Absent(address(), name);
    }
    return target.position() - start;
  }

  /** Skips what comes before the range, reads the range, and skips the rest. */
  private void fill(InputStream output, long before, ByteBuffer target) throws IOException {
    byte[] chunk = new byte[RemoteScript.BLOCK];
    long skip = before;
    for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
      limits.download().take(count);
      int from = (int) Math.min(skip, count);
      int taken = Math.min(count - from, target.remaining());
      target.put(chunk, from, taken);
      skip -= from;
    }
  }

  @Override
  public List<StoredObject> list(String folder) throws StoreException {
    String directory = folder.isEmpty() ? "." : folder.substring(0, folder.length() - 1);
    List<StoredObject> found = new ArrayList<>();
    for (Listed file : files(ScriptCall.of("list " + folder, RemoteScript.LIST, directory))) {
      ObjectName.lookup(file.name())
          .ifPresent(name -> found.add(new StoredObject(name, file.size(), file.time())));
    }
    found.sort(Comparator.comparing(StoredObject::name));
    return List.copyOf(found);
  }

  private List<Listed> files(ScriptCall call) throws StoreException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    session.run(
        call,
        output -> {
          text.reset();
          output.transferTo(text);
        });
    return text.toString(StandardCharsets.UTF_8)
        .lines()
        .flatMap(line -> Listed.parse(line).stream())
        .toList();
  }

  /** A line of a listing: {@code 4711 1763636281 ./data/db/x}, size, seconds, name. */
  private record Listed(Size size, Instant time, String name) {
    private static final Pattern GRAMMAR = Pattern.compile("(\\d{1,18}) (\\d{1,11}) (?:\\./)?(.+)");

    static Optional<Listed> parse(String line) {
      Matcher parts = GRAMMAR.matcher(line);
      return parts.matches()
          ? Optional.of(
              new Listed(
                  new Size(Long.parseLong(parts.group(1))),
                  Instant.ofEpochSecond(Long.parseLong(parts.group(2))),
                  parts.group(3)))
          : Optional.empty();
    }
  }

  @Override
  public void delete(ObjectName name) throws StoreException {
    session.run(
        ScriptCall.of("delete " + name, RemoteScript.DELETE, name.text()),
        SshSession.Reader.NOTHING);
  }

  @Override
  public void clearUnfinished(Instant before) throws StoreException {
    String operation = "clear unfinished writes";
    for (Listed draft : files(ScriptCall.of(operation, RemoteScript.DRAFTS))) {
      if (draft.time().isBefore(before) && draft.name().matches("[0-9a-f]{16}")) {
        session.run(
            ScriptCall.of(operation, RemoteScript.DISCARD, draft.name()),
            SshSession.Reader.NOTHING);
      }
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
