package dev.keg.windows.win32;

import dev.keg.windows.win32.dll.WinIoCtl;
import java.nio.file.Path;
import java.util.UUID;

/** A partition of a {@link FakeDisk} with its volume; a directory has its content. */
final class FakeVolume {
  static final String RAW = "RAW";

  /** The partition type in a GUID partition table that Windows reserves for itself. */
  static final UUID RESERVED = UUID.fromString("e3c9e316-0b5c-4db8-817d-f92df00215ae");

  final String path = "\\\\?\\Volume{" + UUID.randomUUID() + "}\\";
  final Path content;
  final long start;
  long length;
  String fileSystem = RAW;
  long fileSystemLength;
  boolean busy;
  int busyTries;
  int reopened;
  boolean encrypted;
  boolean protectors;
  boolean locked;
  String phrase = "";
  String protectorId = "{" + UUID.randomUUID() + "}";
  UUID type = WinIoCtl.PARTITION_BASIC_DATA_GUID;

  FakeVolume(Path content, long start, long length) {
    this.content = content;
    this.start = start;
    this.length = length;
  }
}
