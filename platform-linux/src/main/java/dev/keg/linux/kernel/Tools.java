package dev.keg.linux.kernel;

/** External programs: always a list of arguments, never a shell. */
public interface Tools {
  /** Runs it to its end and returns what it wrote to its standard output. */
  String run(Tool tool) throws ToolException;

  boolean has(String program);
}
