package dev.keg.disk;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The metadata region of a VHDX: a table of 64 KiB ("metadata", reserved, count; from byte 32 on
 * entries of 32: item id, offset, length, flags, reserved), then the items.
 */
final class VhdxMetadata {
  static final int ITEMS_AT = VhdxLayout.KIB_64;

  private static final int ENTRIES_AT = 32;
  private static final int ENTRY_LENGTH = 32;
  private static final int MOST_ENTRIES = 2047;
  private static final int IS_VIRTUAL_DISK = 2;
  private static final int IS_REQUIRED = 4;
  private static final int LONGEST_ITEM = 1 << 20;
  private static final int LOCATOR_HEADER = 20;
  private static final int LOCATOR_ENTRY = 12;

  private static final Set<UUID> KNOWN =
      Set.of(
          VhdxLayout.FILE_PARAMETERS,
          VhdxLayout.VIRTUAL_DISK_SIZE,
          VhdxLayout.VIRTUAL_DISK_ID,
          VhdxLayout.LOGICAL_SECTOR_SIZE,
          VhdxLayout.PHYSICAL_SECTOR_SIZE,
          VhdxLayout.PARENT_LOCATOR);

  private final Map<UUID, ByteBuffer> items = new LinkedHashMap<>();

  VhdxMetadata put(UUID item, ByteBuffer value) {
    items.put(item, value.clear());
    return this;
  }

  ByteBuffer encode() {
    ByteBuffer bytes = buffer(2 * VhdxLayout.KIB_64);
    bytes.put(VhdxLayout.METADATA_SIGNATURE.getBytes(StandardCharsets.US_ASCII));
    bytes.putShort((short) 0).putShort((short) items.size()).position(ENTRIES_AT);
    int at = ITEMS_AT;
    for (Map.Entry<UUID, ByteBuffer> item : items.entrySet()) {
      ByteBuffer value = item.getValue();
      Guid.put(bytes, item.getKey());
      bytes.putInt(at).putInt(value.capacity()).putInt(flags(item.getKey())).putInt(0);
      bytes.put(at, value, 0, value.capacity());
      at += value.capacity();
    }
    return bytes.clear();
  }

  private static int flags(UUID item) {
    boolean ofFile =
        item.equals(VhdxLayout.FILE_PARAMETERS) || item.equals(VhdxLayout.PARENT_LOCATOR);
    return ofFile ? IS_REQUIRED : IS_REQUIRED | IS_VIRTUAL_DISK;
  }

  static VhdxMetadata read(ImageFile image, long at) throws IOException {
    ByteBuffer table = image.read(at, VhdxLayout.KIB_64);
    byte[] signature = new byte[8];
    table.get(0, signature);
    int count = Short.toUnsignedInt(table.getShort(10));
    if (!VhdxLayout.METADATA_SIGNATURE.equals(new String(signature, StandardCharsets.US_ASCII))
        || count > MOST_ENTRIES) {
      throw image.broken("the metadata of this vhdx is damaged");
    }
    VhdxMetadata metadata = new VhdxMetadata();
    for (int i = 0; i < count; i++) {
      metadata.readItem(image, at, table.position(ENTRIES_AT + i * ENTRY_LENGTH));
    }
    return metadata;
  }

  private void readItem(ImageFile image, long at, ByteBuffer entry) throws IOException {
    UUID item = Guid.get(entry);
    int offset = entry.getInt();
    int length = entry.getInt();
    boolean required = (entry.getInt() & IS_REQUIRED) != 0;
    if (!KNOWN.contains(item)) {
      if (required) {
        throw image.broken("it requires an unknown feature of vhdx: " + item);
      }
      return;
    }
    if (length <= 0 || length > LONGEST_ITEM || offset < ITEMS_AT) {
      throw image.broken("the metadata of this vhdx is damaged");
    }
    items.put(item, image.read(at + offset, length));
  }

  /** The item, which must exist and have this length. */
  ByteBuffer require(ImageFile image, UUID item, int length) throws IOException {
    ByteBuffer value = items.get(item);
    if (value == null || value.capacity() < length) {
      throw image.broken("the metadata of this vhdx is incomplete");
    }
    return value;
  }

  /** The parent locator: pairs of texts; offsets and lengths in a table, then UTF-16LE. */
  static ByteBuffer locator(Map<String, String> pairs) {
    int at = LOCATOR_HEADER + LOCATOR_ENTRY * pairs.size();
    int length = at;
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      length += 2 * (pair.getKey().length() + pair.getValue().length());
    }
    ByteBuffer bytes = buffer(length);
    Guid.put(bytes, VhdxLayout.VHDX_PARENT);
    bytes.putShort((short) 0).putShort((short) pairs.size());
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      byte[] key = pair.getKey().getBytes(UTF_16LE);
      byte[] value = pair.getValue().getBytes(UTF_16LE);
      bytes.putInt(at).putInt(at + key.length);
      bytes.putShort((short) key.length).putShort((short) value.length);
      bytes.put(at, key).put(at + key.length, value);
      at += key.length + value.length;
    }
    return bytes.clear();
  }

  Map<String, String> locator(ImageFile image) throws IOException {
    ByteBuffer bytes = require(image, VhdxLayout.PARENT_LOCATOR, LOCATOR_HEADER);
    if (!Guid.get(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN))
        .equals(VhdxLayout.VHDX_PARENT)) {
      throw image.broken("its parent is not a vhdx");
    }
    Map<String, String> pairs = new HashMap<>();
    int count = Short.toUnsignedInt(bytes.getShort(18));
    for (int i = 0; i < count; i++) {
      int entry = LOCATOR_HEADER + i * LOCATOR_ENTRY;
      if (entry + LOCATOR_ENTRY > bytes.capacity()) {
        throw image.broken("the path of its parent is damaged");
      }
      pairs.put(
          text(image, bytes, bytes.getInt(entry), bytes.getShort(entry + 8)),
          text(image, bytes, bytes.getInt(entry + 4), bytes.getShort(entry + 10)));
    }
    return pairs;
  }

  private static String text(ImageFile image, ByteBuffer bytes, int at, short length)
      throws IOException {
    byte[] text = new byte[Short.toUnsignedInt(length)];
    if (at < 0 || at > bytes.capacity() - text.length) {
      throw image.broken("the path of its parent is damaged");
    }
    bytes.get(at, text);
    return new String(text, UTF_16LE);
  }

  static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
