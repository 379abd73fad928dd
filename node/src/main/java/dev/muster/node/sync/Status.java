package dev.muster.node.sync;

/** How a request about a space ended. */
public enum Status {
    /** Done. */
    OK,
    /** Whoever asked may not. */
    FORBIDDEN,
    /** There is no such space, entity, component or namespace. */
    NOT_FOUND,
    /** A component is not as it was declared, or the space would not be as it has to be. */
    VALIDATION_ERROR,
    /** The registry cannot be used, or something went wrong here. */
    INTERNAL_ERROR,
    /** The component has been changed since. */
    CONFLICT,
    /** The parameters of a query are not what its namespace takes. */
    INVALID_PARAMS
}
