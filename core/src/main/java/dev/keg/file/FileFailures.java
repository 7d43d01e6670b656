package dev.keg.file;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.FileFailure.Refusal;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
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

/** Turns Java's file exceptions into errors that an operator can act on. */
public final class FileFailures {
  private static final String DENIED = "permission denied";
  private static final String NO_SPACE = "no space left on device";
  private static final String QUOTA = "disk quota exceeded";
  private static final String READ_ONLY = "read-only file system";
  private static final String INPUT_OUTPUT = "input/output error";

  private FileFailures() {}

  /** Work on a file. */
  @FunctionalInterface
  public interface FileCall<T extends @Nullable Object> {
    T run() throws IOException;
  }

  /** Work on a file without a result. */
  @FunctionalInterface
  public interface FileAction {
    void run() throws IOException;
  }

  /** Does the work; the error says what was attempted on which path. */
  public static <T extends @Nullable Object> T translate(
      String operation, Path path, FileCall<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw failure(operation, path, e);
    } catch (ReadOnlyFileSystemException e) {
      throw new FileFailure(operation, path.toString(), READ_ONLY, Refusal.READ_ONLY, e);
    }
  }

  public static void run(String operation, Path path, FileAction action) {
    FileFailures.<@Nullable Void>translate(
        operation,
        path,
        () -> {
          action.run();
          return null;
        });
  }

  public static FileFailure failure(String operation, Path path, IOException e) {
    return e instanceof FileSystemException named && named.getFile() != null
        ? failure(operation, named.getFile(), e)
        : failure(operation, path.toString(), e);
  }

  /** The same for a path that is only known as text. */
  public static FileFailure failure(String operation, String where, IOException e) {
    return new FileFailure(operation, where, reason(e), refusal(e), e);
  }

  // Java reports most errors of the system only in the words of strerror(3).
  private static Refusal refusal(IOException e) {
    return switch (reason(e)) {
      case DENIED -> Refusal.PERMISSION_DENIED;
      case NO_SPACE, QUOTA -> Refusal.NO_SPACE;
      case READ_ONLY -> Refusal.READ_ONLY;
      default -> Refusal.OTHER;
    };
  }

  /** Whether the disk could not read or write. Java has no type for EIO. */
  public static boolean isBadSector(IOException e) {
    return reason(e).equals(INPUT_OUTPUT);
  }

  /** The reason alone, in the C library's words. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> DENIED;
      case FileAlreadyExistsException _ -> "file exists";
      case DirectoryNotEmptyException _ -> "directory not empty";
      case NotDirectoryException _ -> "not a directory";
      case FileSystemLoopException _ -> "too many levels of symbolic links";
      case ClosedByInterruptException _ -> "interrupted";
      case ClosedChannelException _ -> "closed while it was in use";
      case EOFException _ -> "unexpected end of file";
      case FileSystemException named when named.getReason() != null ->
          named.getReason().toLowerCase(Locale.ROOT);
      default -> {
        String message = e.getMessage();
        yield message == null ? e.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
      }
    };
  }
}
