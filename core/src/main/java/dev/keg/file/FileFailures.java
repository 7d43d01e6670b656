package dev.keg.file;

import dev.keg.error.RegistryException.FileFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns what Java says of a file into what an operator can act on. */
public final class FileFailures {
  private FileFailures() {}

  /** What the work on a file may throw. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T run() throws IOException;
  }

  /** What the work on a file may throw that returns nothing. */
  @FunctionalInterface
  public interface Step {
    void run() throws IOException;
  }

  /** Does the work; a failure says what was attempted and on which path. */
  public static <T extends @Nullable Object> T translate(
      String operation, Path path, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw failure(operation, path, e);
    } catch (ReadOnlyFileSystemException e) {
      throw new FileFailure(operation, path.toString(), "read-only file system", e);
    }
  }

  public static void run(String operation, Path path, Step step) {
    FileFailures.<@Nullable Void>translate(
        operation,
        path,
        () -> {
          step.run();
          return null;
        });
  }

  public static FileFailure failure(String operation, Path path, IOException e) {
    String where =
        e instanceof FileSystemException named && named.getFile() != null
            ? named.getFile()
            : path.toString();
    return new FileFailure(operation, where, reason(e), e);
  }

  /** The reason alone, in the C library's words. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "file exists";
      case DirectoryNotEmptyException _ -> "directory not empty";
      case NotDirectoryException _ -> "not a directory";
      case FileSystemLoopException _ -> "too many levels of symbolic links";
      case FileSystemException named when named.getReason() != null ->
          named.getReason().toLowerCase(Locale.ROOT);
      default -> {
        String message = e.getMessage();
        yield message == null ? e.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
      }
    };
  }
}
