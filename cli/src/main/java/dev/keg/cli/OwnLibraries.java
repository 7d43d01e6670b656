package dev.keg.cli;

import dev.keg.cli.session.NativeBinary;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The libraries of JNA and zstd. The native binary contains them and would write each to a
 * temporary file when it needs it; if they exist in {@code lib} beside the binary, it uses those.
 * For Java, the launcher sets this.
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
