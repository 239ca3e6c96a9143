use std::path::Path; use std::time::Instant;
use irio::decomposition::shares::FactorPair; use irio::decomposition::transfer::*; use irio::progress::Silent; use irio::input::table::read;
fn main(){ lu_time();
 let d=Some(Path::new("../shared/data"));
 let a=read(Path::new("/tmp/t/sic-2002.toml"),d).unwrap(); let b=read(Path::new("/tmp/t/sic-2007.toml"),d).unwrap();
 for _ in 0..300 { let p=FactorPair::of(&a,&b).unwrap(); std::hint::black_box(&p);
   std::hint::black_box(decompose(&p,TransferOptions::default(),&Silent).unwrap()); }
 let t=Instant::now(); for _ in 0..200 { std::hint::black_box(FactorPair::of(&a,&b).unwrap()); } println!("pair {:?}", t.elapsed()/200);
 let p=FactorPair::of(&a,&b).unwrap();
 for (n,o) in [("none",PairDetail::None),("regions",PairDetail::Regions)] {
 let t=Instant::now(); for _ in 0..200 { std::hint::black_box(decompose(&p,TransferOptions{pairs:o,..Default::default()},&Silent).unwrap()); } println!("{n} {:?}", t.elapsed()/200);}
}
#[allow(dead_code)] fn lu_time(){ use irio::linalg::factor::Factor; let n=136; let mut m=vec![0.0;n*n]; for i in 0..n{for j in 0..n{m[i*n+j]=-0.003*((i*7+j*3)%5) as f64;} m[i*n+i]+=1.0;}
 let t=Instant::now(); for _ in 0..200 { std::hint::black_box(Factor::of_rows(m.clone(),n).unwrap()); } println!("lu {:?}", t.elapsed()/200);
 let f=Factor::of_rows(m.clone(),n).unwrap();
 for k in [1,8,10,16,24,40,136]{ let b=vec![1.0;n*k]; let t=Instant::now(); for _ in 0..200 { let mut c=b.clone(); f.solve_columns(&mut c); std::hint::black_box(c); } println!("solve {k} {:?}", t.elapsed()/200);
 let t=Instant::now(); for _ in 0..200 { let mut c=b.clone(); f.solve_transposed_columns(&mut c); std::hint::black_box(c); } println!("solveT {k} {:?}", t.elapsed()/200);} }
