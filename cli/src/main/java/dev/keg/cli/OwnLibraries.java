package dev.keg.cli;

import dev.keg.cli.session.NativeBinary;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The libraries of JNA and zstd. The native binary carries them and would write each to a file
 * whenever it needs it; where they lie in {@code lib} beside the binary, it uses those. For Java
 * the launcher says the same.
 */
final class OwnLibraries {
  private OwnLibraries() {}

  static void findBesideBinary() {
    NativeBinary.file()
        .map(binary -> binary.resolveSibling("lib"))
        .filter(Files::isDirectory)
        .ifPresent(OwnLibraries::use);
  }

  private static void use(Path lib) {
    if (Files.exists(lib.resolve(System.mapLibraryName("jnidispatch")))) {
      System.setProperty("jna.boot.library.path", lib.toString());
    }
    Path zstd = lib.resolve(System.mapLibraryName("zstd-jni"));
    if (Files.exists(zstd)) {
      System.setProperty("ZstdNativePath", zstd.toString());
    }
  }
}
