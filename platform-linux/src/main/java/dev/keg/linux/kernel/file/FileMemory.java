package dev.keg.linux.kernel.file;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that the C library reads and writes, at an address that stays the same. */
final class FileMemory {
  /** For any path: the kernel takes none longer. */
  static final int PATH = 4096;

  final ByteBuffer bytes;
  final long address;

  FileMemory(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    address = address(bytes);
  }

  /** Where the buffer's first byte lies. */
  static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  /** Puts a C string; the address is this memory's. */
  long string(ByteString text) {
    text.putInto(bytes.clear());
    bytes.put((byte) 0);
    return address;
  }

  ByteString copy(int from, int length) {
    byte[] copy = new byte[length];
    bytes.get(from, copy);
    return ByteString.of(copy);
  }
}
