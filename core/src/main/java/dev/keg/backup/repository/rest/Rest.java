package dev.keg.backup.repository.rest;

import dev.keg.backup.repository.rest.ByteRanges.Range;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.RegistryException.NewerSchema;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parts of a data object that backups need. Numbers are big-endian:
 *
 * <pre>
 * parts   the bytes of each, one after another
 * frames  those that were thinned, one after another
 * table   for each part: its offset in the object (8), its length (8);
 *         for each of the frames a {@link ThinnedFrame}
 * footer  "KEGRESTS" (8), version 3 (4), length of the table (4), length of the object (8), number
 *         of parts (8), SHA-256 of the table (32)
 * </pre>
 *
 * A rest without thinned frames has version 1 and zero as the length of its table. Earlier builds
 * wrote version 2.
 *
 * @param length the original length of the object
 * @param thinned thinned frames by their offsets in the object
 */
public record Rest(
    StoredObject object, long length, ByteRanges parts, SortedMap<Long, ThinnedFrame> thinned) {
  public static final String FOLDER = "rests/";

  /**
   * The order of an object's rests for those who read or delete them. Of rests of the same second,
   * the first one listed is the newest.
   */
  public static final Comparator<StoredObject> NEWEST_FIRST =
      Comparator.comparing(StoredObject::stored).reversed();

  private static final String SUFFIX = ".rest";
  private static final String PATCH = ".patch";
  private static final byte[] MAGIC = "KEGRESTS".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int THINNED_UNHASHED = 2;
  private static final int THINNED = 3;
  private static final int ENTRY = 16;
  private static final int SHA256 = 32;
  private static final int FOOTER = 64;

  /** Enough for the frames of 30 TB in the worst order. */
  private static final int MOST_PARTS = 1 << 23;

  /** Enough for thinned frames of 2 TB, each with a bitmap of a kilobyte. */
  private static final int LARGEST_TABLE = 1 << 29;

  public Rest {
    thinned = Collections.unmodifiableSortedMap(new TreeMap<>(thinned));
  }

  /**
   * The folder of a data object's rests.
   *
   * @param data its name, {@code data/VOLUME/ID.tar.zst}
   */
  public static String folder(ObjectName data) {
    String text = data.text();
    return FOLDER
        + text.substring(text.indexOf('/') + 1, text.lastIndexOf('/') + 1)
        + id(data)
        + "/";
  }

  /** The name of a new rest; the text is unique. */
  public static ObjectName name(ObjectName data, String unique) {
    return new ObjectName(folder(data) + unique + SUFFIX);
  }

  /** The name of a patch, which has parts in place of damaged ones, and no others. */
  public static ObjectName patch(ObjectName data, String unique) {
    return new ObjectName(folder(data) + unique + PATCH);
  }

  /** Whether an object in such a folder may replace the data object. */
  public static boolean isSuccessor(ObjectName rest) {
    return !rest.text().endsWith(PATCH);
  }

  /** Whether it has the needed parts and may replace the data object. */
  public boolean succeedsWith(Needed needed) {
    return isSuccessor(object.name())
        && parts.containsAll(needed.whole())
        && needed.partly().stream().allMatch(this::has);
  }

  /** Everything that it has. */
  public Needed content() {
    return new Needed(parts, thinned.values().stream().map(ThinnedFrame::content).toList());
  }

  private boolean has(Needed.Content needed) {
    ThinnedFrame frame = thinned.get(needed.offset());
    return parts.position(needed.offset(), needed.length()).isPresent()
        || (frame != null && frame.content().containsAll(needed));
  }

  /** The id that a data object and its rests share: that of the backup that stored it. */
  public static String id(ObjectName dataOrRest) {
    String text = dataOrRest.text();
    if (text.startsWith(FOLDER)) {
      String folder = text.substring(0, text.lastIndexOf('/'));
      return folder.substring(folder.lastIndexOf('/') + 1);
    }
    String last = dataOrRest.last();
    int dot = last.indexOf('.');
    return dot < 0 ? last : last.substring(0, dot);
  }

  /** The readable rests of an object, the newest first. */
  public static List<Rest> of(ObjectStore store, ObjectName data) throws StoreException {
    List<Rest> rests = new ArrayList<>();
    for (StoredObject listed : store.list(folder(data))) {
      read(store, listed).ifPresent(rests::add);
    }
    rests.sort(Comparator.comparing(Rest::object, NEWEST_FIRST));
    return rests;
  }

  /** Empty if it is damaged or gone. */
  private static Optional<Rest> read(ObjectStore store, StoredObject listed) throws StoreException {
    long size = listed.size().bytes();
    if (size < FOOTER) {
      return Optional.empty();
    }
    try {
      ByteBuffer footer = bytes(store, listed.name(), size - FOOTER, FOOTER);
      byte[] magic = new byte[MAGIC.length];
      footer.get(magic);
      boolean known = Arrays.equals(magic, MAGIC);
      int version = footer.getInt();
      long given = Integer.toUnsignedLong(footer.getInt());
      long length = footer.getLong();
      long count = footer.getLong();
      boolean hasFrames = version == THINNED || version == THINNED_UNHASHED;
      long table = hasFrames ? given : count * ENTRY;
      if (known && version > THINNED) {
        throw new NewerSchema(listed.name().text(), version, THINNED);
      }
      boolean fits = count >= 0 && count <= MOST_PARTS && count * ENTRY <= table;
      if (!known
          || !(hasFrames || (version == VERSION && given == 0))
          || !fits
          || table > LARGEST_TABLE
          || FOOTER + table > size) {
        return Optional.empty();
      }
      ByteBuffer entries = bytes(store, listed.name(), size - FOOTER - table, (int) table);
      return footer.equals(sha256(entries))
          ? parsed(listed, version, length, (int) count, entries)
          : Optional.empty();
    } catch (StoreException.Absent
        | StoreException.Unreadable
        | StoreException.Forged
        | BufferUnderflowException
        | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<Rest> parsed(
      StoredObject listed, int version, long length, int count, ByteBuffer table) {
    int size = table.remaining() + FOOTER;
    List<Range> parts = new ArrayList<>();
    while (parts.size() < count) {
      parts.add(new Range(table.getLong(), table.getLong()));
    }
    ByteRanges ranges = ByteRanges.of(parts);
    long position = ranges.length();
    SortedMap<Long, ThinnedFrame> thinned = new TreeMap<>();
    while (table.hasRemaining()) {
      ThinnedFrame frame = ThinnedFrame.read(table, position, version == THINNED);
      thinned.put(frame.content().offset(), frame);
      position += frame.stored();
    }
    return ranges.list().equals(parts) && position + size == listed.size().bytes()
        ? Optional.of(new Rest(listed, length, ranges, thinned))
        : Optional.empty();
  }

  private static ByteBuffer bytes(ObjectStore store, ObjectName name, long offset, int length)
      throws StoreException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    store.read(name, offset, bytes);
    return bytes.clear();
  }

  /** The size of a rest with these parts, without thinned frames. */
  public static long size(ByteRanges parts) {
    return parts.length() + (long) parts.list().size() * ENTRY + FOOTER;
  }

  /** The number of bytes after the parts and the thinned frames. */
  public static long overhead(Needed needed) {
    return needed.partly().stream()
        .mapToLong(frame -> ThinnedFrame.entry(frame.blocks()))
        .reduce((long) needed.whole().list().size() * ENTRY + FOOTER, Long::sum);
  }

  /** The end of a rest without thinned frames. */
  public static byte[] end(long length, ByteRanges parts) {
    return end(length, parts, List.of());
  }

  /** The end of a rest, after the parts and the thinned frames. */
  public static byte[] end(long length, ByteRanges parts, List<ThinnedFrame> thinned) {
    int frames = thinned.stream().mapToInt(f -> ThinnedFrame.entry(f.content().blocks())).sum();
    int table = parts.list().size() * ENTRY + frames;
    ByteBuffer end = ByteBuffer.allocate(table + FOOTER);
    parts.list().forEach(part -> end.putLong(part.offset()).putLong(part.length()));
    thinned.forEach(frame -> frame.writeTo(end));
    ByteBuffer hash = sha256(end.slice(0, table));
    end.put(MAGIC);
    if (thinned.isEmpty()) {
      end.putInt(VERSION).putInt(0);
    } else {
      end.putInt(THINNED).putInt(table);
    }
    end.putLong(length).putLong(parts.list().size()).put(hash);
    return end.array();
  }

  private static ByteBuffer sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.duplicate());
      return ByteBuffer.wrap(digest.digest(), 0, SHA256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fills the buffer with the bytes of a thinned frame; returns false if they are incomplete. */
  public boolean read(ObjectStore store, ThinnedFrame frame, ByteBuffer into)
      throws StoreException {
    ByteBuffer bytes = into.slice(into.position(), frame.stored());
    store.read(object.name(), frame.position(), bytes);
    return !bytes.hasRemaining();
  }

  /** Fills the buffer with the object's bytes from the offset; returns false if it lacks them. */
  public boolean read(ObjectStore store, long offset, ByteBuffer into) throws StoreException {
    OptionalLong position = parts.position(offset, into.remaining());
    if (position.isEmpty()) {
      return false;
    }
    int start = into.position();
    store.read(object.name(), position.getAsLong(), into);
    if (into.hasRemaining()) {
      into.position(start);
      return false;
    }
    return true;
  }
}
