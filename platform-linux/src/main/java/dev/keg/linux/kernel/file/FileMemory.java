package dev.keg.linux.kernel.file;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory at a fixed address for use by the C library. */
final class FileMemory {
  /** The longest path that the kernel accepts. */
  static final int PATH = 4096;

  final ByteBuffer bytes;
  final long address;

  FileMemory(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    address = address(bytes);
  }

  /** The address of the buffer's first byte. */
  static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  /** Stores a C string and returns its address. */
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
