package dev.keg.moving.pass;

import dev.keg.error.BackupException.BeingRestored;
import dev.keg.error.MoveException.BeingMoved;
import dev.keg.error.VolumeException;
import dev.keg.moving.pass.Announcement.Need;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The protocol between both hosts. The receiver greets with {@code keg-move 1}. Then the source
 * sends requests, each of which is answered by "done", or by "failed" with a message and a hint;
 * any number of "alive" may precede an answer. Words are in the UTF format of DataOutputStream,
 * numbers are big-endian, bytes and lists begin with their length.
 */
public final class Wire {
  public static final String GREETING = "keg-move 1\n";

  private static final int BUFFER = 1 << 16;
  private static final int MAX_BYTES = 1 << 20;

  /** The largest attribute: on Windows, attributes are alternate data streams. */
  private static final int MAX_ATTRIBUTE = 16 << 20;

  private final DataInputStream in;
  private final DataOutputStream out;

  public Wire(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
    this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
  }

  public DataInputStream in() {
    return in;
  }

  public DataOutputStream out() {
    return out;
  }

  /** The source's requests. */
  public enum Request {
    /** Returns the state of the move; begins the move if requested. */
    OPEN,
    /** Receive the changes. */
    PASS,
    /** Sync everything. */
    READY,
    /** Take over the volume. */
    PUBLISH,
    /** Delete the copy. */
    DISCARD
  }

  private enum Answer {
    ALIVE,
    DONE,
    FAILED,
    BUSY
  }

  /** The data does not follow this version's protocol. */
  public static final class Garbled extends IOException {
    public Garbled(String why) {
      super(why);
    }
  }

  /** The other host failed to serve a request, and gives the reason. */
  public static final class Refused extends IOException {
    private final boolean busy;
    private final String hint;

    Refused(boolean busy, String message, String hint) {
      super(message);
      this.busy = busy;
      this.hint = hint;
    }

    /** Whether a retry may succeed. */
    public boolean isBusy() {
      return busy;
    }

    public String hint() {
      return hint;
    }
  }

  /** Answers that the request succeeded. */
  public synchronized void done() throws IOException {
    put(Answer.DONE);
    out.flush();
  }

  /** Answers with the state of the move, and the differences from the source's volume. */
  public synchronized <S extends Enum<S>> void done(S state, String difference) throws IOException {
    put(Answer.DONE);
    put(state);
    put(difference);
    out.flush();
  }

  /** Announces, between two answers, that another one will follow. */
  public synchronized void alive() throws IOException {
    put(Answer.ALIVE);
    out.flush();
  }

  synchronized void answer(List<Need> needs) throws IOException {
    put(Answer.DONE);
    for (Need need : needs) {
      put(need);
    }
    out.flush();
  }

  public synchronized void fail(VolumeException failure) throws IOException {
    put(
        failure instanceof BeingMoved || failure instanceof BeingRestored
            ? Answer.BUSY
            : Answer.FAILED);
    put(String.valueOf(failure.getMessage()));
    put(failure.hint().orElse(""));
    out.flush();
  }

  /** Waits for an answer; throws any other than "done". */
  public void answered() throws IOException {
    Answer answer = take(Answer.class);
    while (answer == Answer.ALIVE) {
      answer = take(Answer.class);
    }
    if (answer != Answer.DONE) {
      throw new Refused(answer == Answer.BUSY, text(), text());
    }
  }

  public <E extends Enum<E>> void put(E constant) throws IOException {
    out.writeUTF(constant.name());
  }

  public <E extends Enum<E>> E take(Class<E> type) throws IOException {
    String name = in.readUTF();
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException _) {
      throw new Garbled("an unknown " + type.getSimpleName());
    }
  }

  public void put(ByteString bytes) throws IOException {
    out.writeInt(bytes.length());
    out.write(bytes.toArray());
  }

  public ByteString bytes() throws IOException {
    return bytes(MAX_BYTES);
  }

  private ByteString bytes(int max) throws IOException {
    int length = length(max);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return ByteString.of(bytes);
  }

  public void put(String text) throws IOException {
    put(ByteString.utf8(text));
  }

  public String text() throws IOException {
    return bytes().utf8();
  }

  /** A length, which is checked against a limit. */
  int length(int max) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > max) {
      throw new Garbled("a length of " + length);
    }
    return length;
  }

  /** A position in a file, or its size. */
  long offset() throws IOException {
    long offset = in.readLong();
    if (offset < 0) {
      throw new Garbled("an offset of " + offset);
    }
    return offset;
  }

  void put(Attributes attributes) throws IOException {
    out.writeShort(attributes.mode());
    out.writeLong(attributes.uid());
    out.writeLong(attributes.gid());
    Instant modified = attributes.modified();
    out.writeLong(modified.getEpochSecond());
    out.writeInt(modified.getNano());
    out.writeInt(attributes.xattrs().list().size());
    for (Xattr xattr : attributes.xattrs().list()) {
      put(xattr.name());
      put(xattr.value());
    }
  }

  Attributes attributes() throws IOException {
    try {
      return new Attributes(
          in.readShort(),
          in.readLong(),
          in.readLong(),
          Instant.ofEpochSecond(in.readLong(), in.readInt()),
          xattrs());
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new Garbled(String.valueOf(e.getMessage()));
    }
  }

  private Xattrs xattrs() throws IOException {
    List<Xattr> list = new ArrayList<>();
    for (int left = length(MAX_BYTES); left > 0; left--) {
      list.add(new Xattr(bytes(), bytes(MAX_ATTRIBUTE)));
    }
    return Xattrs.of(list);
  }

  void put(Need need) throws IOException {
    switch (need) {
      case Need.Nothing _ -> out.writeByte('n');
      case Need.Whole _ -> out.writeByte('w');
      case Need.Blocks(ByteString hashes) -> {
        out.writeByte('b');
        put(hashes);
      }
    }
  }

  /**
   * Which part of a file is needed.
   *
   * @param hashes the maximum length of the file's hashes
   */
  Need need(int hashes) throws IOException {
    return switch (in.readUnsignedByte()) {
      case 'n' -> new Need.Nothing();
      case 'w' -> new Need.Whole();
      case 'b' -> new Need.Blocks(bytes(hashes));
      default -> throw new Garbled("an unknown need");
    };
  }
}
