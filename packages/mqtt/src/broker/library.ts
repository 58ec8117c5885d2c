// A file of its own, because the library is imported late: bundled, a module in CommonJS that is imported late has a
// default alone.
export { connect } from 'mqtt';
