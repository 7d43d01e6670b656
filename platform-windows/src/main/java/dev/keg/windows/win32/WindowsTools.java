package dev.keg.windows.win32;

/** The programs that are part of Windows. */
public interface WindowsTools {
  /**
   * Runs a program to its end and returns its exit status. What it prints is for people, in their
   * language, and is dropped.
   */
  int run(String program, String... arguments) throws Win32Exception;
}
