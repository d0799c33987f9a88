namespace Inpaint.OnnxTests;
